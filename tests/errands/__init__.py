"""A room that exists only in tests: errands run for households that cannot go out.

The kernel is tried on it, apart from any real room.
"""
