"""Pages of the charts room, one file a theme."""

from tautband.clinic.charts.views.agreement import agreement, second_look
from tautband.clinic.charts.views.alerts import alert
from tautband.clinic.charts.views.drawing import drawing, drawing_sheet, home_drawing, take_home_drawing
from tautband.clinic.charts.views.drawings import drawing_file_of, drawings
from tautband.clinic.charts.views.elicited import elicited
from tautband.clinic.charts.views.encounter import encounter, suspect, suspects
from tautband.clinic.charts.views.exams import exams
from tautband.clinic.charts.views.findings import record, undo
from tautband.clinic.charts.views.grid import grid
from tautband.clinic.charts.views.practise import practise
from tautband.clinic.charts.views.priors import priors_page
from tautband.clinic.charts.views.quick import quick, quick_undo
from tautband.clinic.charts.views.retest import repeat_drawing, retest
from tautband.clinic.charts.views.story import story
from tautband.clinic.charts.views.visits import close_visit, start_visit
from tautband.clinic.charts.views.worked_out import worked_out

__all__ = [
    "agreement",
    "alert",
    "close_visit",
    "drawing",
    "drawing_file_of",
    "drawing_sheet",
    "drawings",
    "elicited",
    "encounter",
    "exams",
    "grid",
    "home_drawing",
    "practise",
    "priors_page",
    "quick",
    "quick_undo",
    "record",
    "repeat_drawing",
    "retest",
    "second_look",
    "start_visit",
    "story",
    "suspect",
    "suspects",
    "take_home_drawing",
    "undo",
    "worked_out",
]
