"""Where points stand: the search, the bound and the proof, on bare arrays. `tongzhou.planning.solve` is the way in."""
