"""Which tests concern which room: what ``./dev test ROOM`` and ``./dev test --changed`` run.

A room is a package of ``models/`` or of ``lab/``, or one of the names below that have a folder of
their own; all addons of ``bridges/`` are one. Arrows between rooms run down, so a change may well
show in a room above: this chooses what is run while one works, not before one is done.
"""

import fnmatch
import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import proc
from .say import Failure

FOLDERS = ("tests", "tests/unit", "tests/real", "bridges/*/tests", "bridges/*/tests/real")
TEST = re.compile(r"(bridges/\w+/)?tests/(unit/|real/)?test_\w+\.py")


@dataclass(frozen=True)
class Room:
    """What belongs to a room.

    :param tests: test modules without ``test_``, in any of the folders, or ``bridges``
    :param places: files beside the room's own folder, by their paths
    """

    tests: str
    places: str = ""

    def has_test(self, path):
        """Tell whether a test file is one of this room."""
        if path.startswith("bridges/"):
            return self.tests == "bridges"
        name = Path(path).stem.removeprefix("test_")
        return any(fnmatch.fnmatchcase(name, one) for one in self.tests.split())

    def has_place(self, path):
        """Tell whether a file that is no test is one of this room."""
        return any(fnmatch.fnmatchcase(path, one) for one in self.places.split())


ROOMS = {
    "base": Room(
        "door said few_at_once own_defaults labels views rights core_watch wizards wizards_access"
        " attacks attacks_allowed attacks_context attacks_defaults attacks_groups attacks_ledger"
        " attacks_records"
        " attacks_wizards",
        "wizards/smart_wizard.py security/ir.model.access.csv security/smart_security.xml"
        " lab/core_watch.py",
    ),
    "issuer": Room(
        "settings credentials company_rif first_journal identification_types token attacks_token"
        " attacks_settings attacks_windows token_secrecy",
        "log_record.py views/res_config* views/account_journal* views/uom_uom*",
    ),
    "taxes": Room("taxes chart", "views/account_tax* data/template/*"),
    "setup": Room(
        "setup setup_* browser_setup settings credentials wizards wizards_access",
        "views/account_journal_setup* wizards/smart_settings_window* wizards/smart_production*"
        " wizards/smart_connection* static/src/smart_setup/*",
    ),
    "document": Room(
        "owner numbering document_amounts document_file corrections lookups keeping_numbers costs",
        "views/smart_document* views/smart_numbering* views/smart_exchange*",
    ),
    "lane": Room(
        "sending sending_troubles poison body_size ahead lane_* asking notices progress pauses"
        " costs crashes frozen stopping two_servers browser_people",
        "views/smart_lane* data/ir_cron_data.xml static/src/smart_progress/*"
        " static/src/auto_refresh/*",
    ),
    "conversion": Room(
        "conversion rates payload_* bad_inputs body_size forgiving_data printed_texts preflight"
        " descriptions document_amounts browser_preflight browser_rates sales",
        "wizards/smart_preflight.py",
    ),
    "contingency": Room(
        "contingency contingency_* wizards wizards_* book browser_contingency"
        " contingency_concurrency attacks_paper",
        "wizards/smart_sheet* wizards/smart_contingency* views/smart_pad* views/smart_sheet*"
        " views/account_move_paper* report/smart_contingency* report/smart_book_paper.py",
    ),
    "stating": Room(
        "conversion payload_* rounding notes notes_* taxes igtf untaxed_lines descriptions costs",
        "wizards/smart_igtf.py",
    ),
    "annulment": Room(
        "annulment annulment_*", "wizards/smart_annul.py views/account_move_annul_views.xml"
    ),
    "resolving": Room("resolving resolving_doubts browser_people", "wizards/smart_resolve.py"),
    "witness": Room(
        "witness witness_* browser_witness smart_api_printed",
        "smart_api/printed.py views/smart_witness* lab/simulator/prints.py lab/simulator/pdf.py",
    ),
    "paper": Room("paper paper_* browser_paper document_file", "report/smart_paper*"),
    "mail": Room(
        "email mails_to_customers browser_correcting",
        "wizards/smart_email.py views/smart_email* data/mail_template_data.xml",
    ),
    "naming": Room(
        "legal_number one_number lookups notes sending_to_customers browser_screens",
        "views/account_move_number* report/report_payment_receipt.xml",
    ),
    "invoice": Room(
        "confirming withdrawing corrections notes portal roads igtf untaxed_lines browser"
        " forms_of_payment browser_correcting attacks_portal sending_to_customers"
        " documents_handed_out paper paper_*",
        "wizards/validate_account_move.py wizards/smart_note.py views/account_move*"
        " wizards/account_move_send* controllers/portal.py views/account_portal*"
        " report/report_invoice.xml"
        " static/src/counted_text/*",
    ),
    "overview": Room("overview browser_silent", "views/account_journal_dashboard*"),
    "schedule": Room(
        "sending sending_troubles notices progress annulment_checks email stopping two_servers"
        " lanes_side_by_side"
    ),
    "locks": Room(
        "locks lock_flows users_lock locks_rpc locks_walk attacks_invoices approvals",
        "wizards/account_merge.py wizards/base_partner_merge.py",
    ),
    "chain": Room(
        "chain chain_* attacks_history",
        "views/smart_chain* security/smart_chain* data/ir_cron_chain_data.xml",
    ),
    "integrity": Room("chain chain_* book attacks_history"),
    "auditor": Room(
        "auditor auditor_* lookups spreadsheet sales_by_rate",
        "security/smart_auditor* views/smart_auditor* controllers/spreadsheet.py",
    ),
    "book": Room(
        "book book_browser sales_by_rate",
        "report/* controllers/smart_book.py wizards/smart_book.py data/ir_exports_data.xml",
    ),
    "wire": Room("smart_api_* amounts_properties attacks_service", "smart_api/*"),
    "install": Room(
        "uninstall upgrade upgrade_*", "hooks.py fiscal_archive.py migrations/* data/neutralize.sql"
    ),
    "simulator": Room("simulator_*"),
    "chaos": Room("chaos"),
    "benchmarks": Room("benchmark_*"),
    "pictures": Room("pictures links", "README.md docs/*"),
    "bridges": Room("bridges"),
    "devtools": Room("devtools_* house rooms workers wheel beside", "dev"),
}


def test_files(checkout):
    """Return the paths of all test files, relative to the checkout."""
    return [
        str(path.relative_to(checkout))
        for folder in FOLDERS
        for path in sorted(Path(checkout).glob(f"{folder}/test_*.py"))
    ]


def tests_of(names, checkout):
    """Return the test files of rooms, in the order of the stages."""
    return [
        path for path in test_files(checkout) if any(ROOMS[name].has_test(path) for name in names)
    ]


def rooms_of(path):
    """Return the names of the rooms to which a file that is no test belongs."""
    parts = Path(path).parts
    if parts[0] in ("models", "lab") and len(parts) > 2:
        return [name for name in ROOMS if name == parts[1]]
    return [name for name, room in ROOMS.items() if room.has_place(path)]


def tests_for(paths, checkout):
    """Return the test files that concern changed files, and the files that no test concerns.

    :param paths: relative to the checkout; they need not exist any more
    """
    found, homeless = set(), []
    for path in paths:
        if TEST.fullmatch(path):
            mine = [path] if (Path(checkout) / path).is_file() else []
        elif path.startswith("bridges/"):
            bridge = "/".join(Path(path).parts[:2]) + "/"
            mine = [one for one in test_files(checkout) if one.startswith(bridge)]
        elif path.startswith("tests/"):
            mine = _users(path, checkout)
        elif Path(path).parent == Path("models"):  # the vocabulary of all rooms
            mine = [one for one in test_files(checkout) if Path(one).parent == Path("tests")]
        else:
            mine = tests_of(rooms_of(path), checkout)
            if not mine:
                homeless.append(path)
        found.update(mine)
    return [path for path in test_files(checkout) if path in found], homeless


def _users(path, checkout):
    """Return the test files that name a helper of the tests, or all that a ``conftest`` is for."""
    helper = Path(path)
    files = test_files(checkout)
    if helper.name == "conftest.py":
        return [one for one in files if Path(one).parent == helper.parent]
    word = re.compile(rf"\b{re.escape(helper.stem)}\b")
    return [one for one in files if word.search((Path(checkout) / one).read_text("utf-8"))]


def changed(checkout):
    """Return the paths that differ from where this branch left ``main``, untracked ones included.

    Outside of a branch, and without a ``main``, those that are not committed.
    """

    def git(*arguments):
        said = proc.output(["git", "-C", checkout, *arguments])
        if said is None:
            raise Failure(f"{checkout} is no checkout that git knows", "name files or a room")
        return said

    base = "HEAD"
    for main in ("main", "origin/main"):
        if proc.output(["git", "-C", checkout, "rev-parse", "--verify", "-q", main]):
            base = git("merge-base", main, "HEAD").strip()
            break
    # Where a file was moved from counts as well as where to.
    differing = git("diff", "--name-only", "--no-renames", "-z", base)
    untracked = git("ls-files", "--others", "--exclude-standard", "-z")
    names = (differing + untracked).split("\0")
    return sorted({os.path.normpath(name) for name in names if name})
