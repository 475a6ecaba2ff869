"""The skin as a mesh: fields, zones, landmarks, charts. Versioned (`body-1`); knows no anatomy beyond place.

Nothing is read from disk until it is first asked for; everything read is kept.
"""

from tautband.surface.charts import (
    best_view,
    chart_point,
    chart_svg,
    chart_zones,
    chart_zones_svg,
    field_paths,
    field_svg,
    figure_svg,
    view_box,
    views,
    views_for,
)
from tautband.surface.fields import FULL, Field, FieldError, FieldStack
from tautband.surface.mesh import SURFACE, Body, SurfaceError, body
from tautband.surface.named_points import Landmark, UnknownLandmark, landmark, landmark_vertex, landmarks
from tautband.surface.parts import Part, PartError, field_from_parts
from tautband.surface.zoning import (
    ReasoningZone,
    UnknownZone,
    Zone,
    describe,
    filled_shares,
    reasoning_shares,
    reasoning_zones,
    zone,
    zone_number,
    zone_of_vertex,
    zones,
    zones_of,
)

__all__ = [
    "FULL",
    "SURFACE",
    "Body",
    "Field",
    "FieldError",
    "FieldStack",
    "Landmark",
    "Part",
    "PartError",
    "ReasoningZone",
    "SurfaceError",
    "UnknownLandmark",
    "UnknownZone",
    "Zone",
    "body",
    "best_view",
    "chart_point",
    "chart_svg",
    "chart_zones",
    "chart_zones_svg",
    "describe",
    "field_from_parts",
    "field_paths",
    "field_svg",
    "figure_svg",
    "filled_shares",
    "landmark",
    "landmark_vertex",
    "landmarks",
    "reasoning_shares",
    "reasoning_zones",
    "view_box",
    "views",
    "views_for",
    "zone",
    "zone_number",
    "zone_of_vertex",
    "zones",
    "zones_of",
]
