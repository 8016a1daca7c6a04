"""``./dev screenshots``: the pictures of the guide, taken anew."""

from . import browser, say
from .workbench import Workbench

PICTURES = "docs/images"


def run(arguments):
    """Hand everything over to ``python -m lab.pictures``; return its exit status."""
    bench = Workbench().set_up()
    chromium = browser.ensure(bench.settings, bench.cache)
    browser.ensure_pdf(bench.settings, bench.cache)
    folder = bench.settings.checkout / PICTURES
    folder.mkdir(exist_ok=True)
    with bench.databases.story_in_use() as template, bench.databases.scratch(template) as database:
        say.headline("Screenshots")
        return bench.call(
            [bench.env.python, "-m", "lab.pictures", "--database", database, "--folder", folder,
             *arguments],
            env=bench.environ(SMART_DEV_CHROMIUM=chromium),
        )  # fmt: skip
