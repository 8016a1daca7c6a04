"""``./dev screenshots``: takes the pictures, on a database that is thrown away afterwards."""

import argparse
import contextlib
import io
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests
from PIL import Image
from playwright.sync_api import Error, sync_playwright

from lab.simulator.testing import SimulatorProcess

from . import fingerprints, world
from .shots import SHOTS, Visit

PATIENCE = 40_000  # milliseconds
PHONE = 500  # pixels: what is narrower is held in a hand
COLORS = 128
#: What comes and goes by itself is on no picture.
HIDDEN = """
.o_notification_manager, .o_loading_indicator, .o-mail-ChatHub { display: none !important }
* { caret-color: transparent !important }
"""


def main():
    """Take all pictures, or those that are named; return the exit status."""
    parser = argparse.ArgumentParser(prog="./dev screenshots", description=__doc__)
    parser.add_argument("--database", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", required=True, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="take these only")
    options = parser.parse_args()
    unknown = set(options.names) - {shot.name for shot in SHOTS}
    if unknown:
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    shots = [shot for shot in SHOTS if shot.name in (options.names or (shot.name,))]
    with contextlib.ExitStack() as stack:
        simulator = SimulatorProcess()
        stack.callback(simulator.stop)
        print("→ the company and its documents", flush=True)
        ids = _make(options.database, simulator)
        url = stack.enter_context(_served(options.database))
        browser = stack.enter_context(_browser())
        taken = []
        for shot in shots:
            print(f"→ {shot.name}", flush=True)
            try:
                picture = _take(browser, url, shot, ids)
            except (Error, AssertionError) as error:  # the others are taken all the same
                print(f"  not taken: {error}", flush=True)
                continue
            small = _small(picture)
            (options.folder / f"{shot.name}.png").write_bytes(small)
            if shot.name in fingerprints.IN_SHOP:
                (fingerprints.SHOP / f"{shot.name}.png").write_bytes(small)
            taken.append(shot)
        _draw_banner(browser)
    if not options.names:
        for path in options.folder.glob("*.png"):
            if path.stem not in {shot.name for shot in SHOTS}:
                path.unlink()
    fingerprints.note(options.folder, taken)
    print(f"→ {len(taken)} of {len(shots)} pictures taken", flush=True)
    return int(len(taken) < len(shots))


def _make(database, simulator):
    import odoo.sql_db
    import odoo.tools

    odoo.tools.config.parse_config(
        ["-c", os.environ["SMART_DEV_ODOO_RC"], "-d", database, "--no-http", "--log-level=warn"],
        setup_logging=True,
    )
    ids = world.make(database, simulator)
    odoo.sql_db.close_all()
    return ids


@contextlib.contextmanager
def _served(database):
    """Serve a database, without scheduled actions: everything stays as it was made."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "odoo", "-c", os.environ["SMART_DEV_ODOO_RC"], "-d", database,
        f"--db-filter=^{database}$", f"--http-port={port}", "--max-cron-threads=0",
        "--log-level=warn",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 180
        while True:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{url}/web/health", timeout=60).ok:
                    break
            assert server.poll() is None, "Odoo ended"
            assert time.monotonic() < deadline, "Odoo does not answer"
            time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def _browser():
    """Give a function that opens a page for somebody: ``browser(url, who, width, height)``."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["SMART_DEV_CHROMIUM"],
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--force-color-profile=srgb"],
        )
        contexts = {}

        def page(url, who, width, height):
            phone = width < PHONE
            if (who, phone) not in contexts:
                context = contexts[who, phone] = chromium.new_context(
                    base_url=url, has_touch=phone, locale="es-VE", timezone_id="America/Caracas"
                )
                if who:
                    _log_in(context, who)
            opened = contexts[who, phone].new_page()
            opened.set_viewport_size({"width": width, "height": height})
            opened.set_default_timeout(PATIENCE)
            return opened

        yield page
        chromium.close()


def _log_in(context, who):
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/web/login")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", who)
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_url("**/my**" if who == "cliente" else "**/odoo**", wait_until="commit")
    page.close()


def _take(browser, url, shot, ids):
    page = browser(url, shot.who, shot.width, shot.height)
    try:
        return _picture(page, shot.show(Visit(page, ids)) or page)
    finally:
        page.close()


def _draw_banner(browser):
    """Draw what stands above the addon in Odoo's shop, of its icon and a picture."""
    page = browser(None, None, 1200, 600)
    page.goto(Path(__file__).with_name("banner.html").as_uri())
    banner = _small(page.screenshot(), 256, Image.Quantize.MAXCOVERAGE)
    (fingerprints.SHOP / "banner.png").write_bytes(banner)
    page.close()


def _picture(page, shown):
    page.add_style_tag(content=HIDDEN)
    page.evaluate("document.fonts.ready")
    return shown.screenshot(animations="disabled")


def _small(picture, colors=COLORS, method=Image.Quantize.MEDIANCUT):
    """Return a picture as PNG with a palette: a fourth of its size, and no difference to see."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.quantize(colors, method=method, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
