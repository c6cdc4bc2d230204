from typing import Any

from django.db import models

from tongzhou.kernel.models.unit import Unit


class Outline(models.Model):
    """The border of a unit on a map: a GeoJSON geometry in WGS-84, coarse, for schematic maps. A table of its own: units are read often."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="outline")
    geometry: "models.JSONField[Any, Any]" = models.JSONField()

    def __str__(self) -> str:
        return str(self.unit)
