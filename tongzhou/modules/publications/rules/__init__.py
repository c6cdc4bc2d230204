"""How a text is written, what it must keep to, and how it reads on an account on WeChat. No database."""
