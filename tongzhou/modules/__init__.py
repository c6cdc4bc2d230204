"""The rooms. Each is a folder with the same drawers; ARCHITECTURE.md lists them, `module.py` in each is read first."""
