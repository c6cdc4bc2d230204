#!/usr/bin/env python
"""Same as the `tongzhou` command, for those who look for it here."""

from tongzhou.__main__ import main

if __name__ == "__main__":
    main()
