"""The front door: settings, addresses, pages that belong to no room, the look."""
