from tongzhou.modules.hotline.models.apart import Box, Case, Keypair, Opening, Seat, Step, Text
from tongzhou.modules.hotline.models.records import FollowUp, Line, Return

__all__ = ["Box", "Case", "FollowUp", "Keypair", "Line", "Opening", "Return", "Seat", "Step", "Text"]
