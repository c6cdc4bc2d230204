"""Tongzhou (同舟): record the work of an epidemic response once; every list, return and chronicle writes itself."""

__version__ = "0.1.0"
