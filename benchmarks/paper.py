"""How long a note and a letter take as PDF, on the demo practice. Bar: 100 ms a page once the first is set.

.venv/bin/python benchmarks/paper.py
"""

import json
import os
import statistics
import sys
import tempfile
import time

RUNS, BAR_MS = 30, 100.0


def main() -> int:
    """Print a table and one JSON line; 1 when the bar is missed."""
    with tempfile.TemporaryDirectory(prefix="tautband-paper-") as home:
        os.environ["TAUTBAND_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("prepare", verbosity=0)
        call_command("load_demo", verbosity=0)
        return _measure()


def _measure() -> int:
    from tautband.clinic.charts.models import Visit
    from tautband.clinic.charts.thinking import answer_for
    from tautband.clinic.letters import actions, printing
    from tautband.clinic.letters.drafting import draft_letter

    visit = Visit.objects.filter(client__name="Ingrid Solheim").first()
    if visit is None:
        raise SystemExit("The demo has no visit of Ingrid Solheim.")
    body = draft_letter(visit, answer_for(visit)).as_json()
    letter = actions.begin_letter(by=visit.by, visit=visit, body=body)
    figures = {}
    for name, make in (("note", lambda: printing.note_pdf(visit)), ("letter", lambda: printing.letter_pdf(letter))):
        times, made = [], b""
        for _run in range(RUNS):
            start = time.perf_counter()
            made = make()
            times.append((time.perf_counter() - start) * 1000)
        later = times[1:]
        figures[name] = {
            "first_ms": round(times[0], 1),
            "median_ms": round(statistics.median(later), 1),
            "p95_ms": round(sorted(later)[int(0.95 * len(later))], 1),
            "kb": round(len(made) / 1024),
        }
        print(f"{name:8} first {figures[name]['first_ms']:7} ms   median {figures[name]['median_ms']:6} ms", end="")
        print(f"   p95 {figures[name]['p95_ms']:6} ms   {figures[name]['kb']} KB")
    passed = all(row["p95_ms"] <= BAR_MS for row in figures.values())
    print(json.dumps({"benchmark": "paper", "bar_ms": BAR_MS, "passed": passed, **figures}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
