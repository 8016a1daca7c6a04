"""The programs that only root can install: a browser, and the maker of PDF files."""

import os

from . import proc, say
from .say import Failure

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """Return the path of a browser that Odoo can drive, or None."""
    return next(filter(None, map(proc.found, BROWSERS)), None)


def ensure(settings, cache):
    """Return the browser, installing Debian's when root runs this."""
    browser = find()
    if not browser:
        if not (settings.is_root and proc.found("apt-get")):
            raise Failure(
                "the tests drive a browser and Chromium is not installed",
                "have root run: apt-get install chromium",
            )
        with cache.lock("apt-install", "another ./dev that is installing a program"):
            browser = find() or install(cache, "chromium") or find()
    say.step(f"browser: {browser}")
    return browser


def ensure_pdf(settings, cache):
    """Install wkhtmltopdf when root runs this; only warn when there is none."""
    if proc.found("wkhtmltopdf"):
        return
    tried = cache.path("no-wkhtmltopdf")
    if settings.is_root and proc.found("apt-get") and not tried.exists():
        try:
            with cache.lock("apt-install", "another ./dev that is installing a program"):
                if not proc.found("wkhtmltopdf"):
                    install(cache, "wkhtmltopdf")
            return
        except Failure:
            # Some suites have no such package: asking once is enough.
            tried.touch()
    say.warn("without wkhtmltopdf Odoo prints no PDF files (Debian: apt-get install wkhtmltopdf)")


def install(cache, package):
    """Install a package of Debian, as root."""
    log = cache.log("apt-install")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    cure = f"run: apt-get install {package} (apt's words are in {log})"
    say.step(f"{package}: installing with apt-get")
    proc.run(
        ["apt-get", "update"], what="reading the package lists", log=log, cure=cure, env=environ
    )
    proc.run(
        ["apt-get", "install", "-y", "--no-install-recommends", package],
        what=f"installing {package}",
        log=log,
        cure=cure,
        env=environ,
    )
