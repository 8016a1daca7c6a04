import re
from dataclasses import dataclass

from odoo import models
from odoo.tools import SQL

from ..models.base.labels import labels
from ..models.terms import ISSUED, REFUSED, UNKNOWN, WITHDRAWN
from .smart_book_rows import NUMBER

#: Missing numbers of one gap that are explained one by one; a longer gap is one line.
EXPLAINED = 50

#: At most this many gaps are listed; the others are only counted.
LISTED = 500

TRAILING_NUMBER = re.compile(r"^(.*?)(\d+)$")


@dataclass
class Gap:
    """Numbers that are missing between two that are there."""

    kind: str
    first: str
    last: str
    count: int
    why: str


class SmartBook(models.TransientModel):
    """The numbers that are missing in the period, each with what is known about it.

    Sequences go over all companies of the issuer, because control and internal numbers are the
    issuer's. Documents of companies that are not the user's are not shown; the reason only says
    that there are some.
    """

    _inherit = "smart.book"

    def _gaps(self):
        """Return (gaps, how many more there are): control and internal numbers, Odoo's names."""
        self._companies()
        self.env.flush_all()
        gaps = [*self._control_gaps(), *self._internal_gaps(), *self._reference_gaps()]
        return gaps[:LISTED], max(len(gaps) - LISTED, 0)

    def _of_issuer(self):
        return SQL(
            "document.issuer_id = %s AND document.environment = %s",
            self.issuer_id.id,
            self.environment,
        )

    def _in_period(self):
        return SQL("document.issue_date BETWEEN %s AND %s", self.date_from, self.date_to)

    # -- control numbers -------------------------------------------------------------------

    def _control_gaps(self):
        """Yield the control numbers that no document of the period has."""
        kind = self.env._("Control number")
        number = SQL(NUMBER.replace("control_number", "document.control_number"))
        rows = self.env.execute_query(
            SQL(
                """
                WITH numbered AS (
                    SELECT %(number)s AS number, document.control_number, document.sent_at,
                           document.company_id, %(in_period)s AS in_period
                      FROM smart_document AS document
                     WHERE %(of_issuer)s AND document.control_number IS NOT NULL
                ), shown AS (
                    SELECT min(number) AS first, max(number) AS last
                      FROM numbered WHERE in_period
                )
                  SELECT number::bigint, control_number, sent_at, company_id
                    FROM numbered, shown
                   WHERE number BETWEEN COALESCE(
                             (SELECT max(number) FROM numbered, shown
                               WHERE number < shown.first), shown.first) AND shown.last
                ORDER BY number
                """,
                number=number,
                in_period=self._in_period(),
                of_issuer=self._of_issuer(),
            )
        )
        if rows:
            yield from self._before_this_database(kind, rows[0])
        companies = self._companies()
        for before, after in zip(rows, rows[1:], strict=False):
            if after[0] - before[0] > 1:
                yield Gap(
                    kind,
                    self._control_number(after[1], before[0] + 1),
                    self._control_number(after[1], after[0] - 1),
                    after[0] - before[0] - 1,
                    self._why_no_control_number(before, after),
                )
        yield from self._of_other_companies(kind, rows, companies)

    def _control_number(self, like, number):
        """Return a number written like a control number that is known."""
        digits = re.sub(r"\D", "", like)
        text = str(number).zfill(len(digits))
        return f"{text[:2]}-{text[2:]}" if re.fullmatch(r"\d\d-\d+", like) else text

    def _before_this_database(self, kind, first):
        """Yield the gap before the first document that this database has issued."""
        [[earlier]] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM smart_document AS document WHERE %s"
                " AND document.control_number IS NOT NULL AND %s < %s",
                self._of_issuer(),
                SQL(NUMBER.replace("control_number", "document.control_number")),
                first[0],
            )
        )
        series = int(re.sub(r"\D", "", first[1])[:2] or 0) * 10 ** (
            len(re.sub(r"\D", "", first[1])) - 2
        )
        missing = first[0] - series - 1
        if not earlier and missing > 0:
            yield Gap(
                kind,
                self._control_number(first[1], series + 1),
                self._control_number(first[1], first[0] - 1),
                missing,
                self.env._("Before the first document of this database."),
            )

    def _why_no_control_number(self, before, after):
        """Return in words who may have the control numbers between two documents."""
        Document = self.env["smart.document"].sudo()  # sudo: of all companies of the issuer
        doubtful = Document.search(
            [
                ("issuer_id", "=", self.issuer_id.id),
                ("environment", "=", self.environment),
                ("state", "=", UNKNOWN),
                ("sent_at", "!=", False),
            ],
            order="queue_position",
        ).filtered(
            lambda document: any(
                before[2] and after[2] and before[2] <= moment <= after[2]
                for moment in (document.sent_at, *document.exchange_ids.mapped("started_at"))
            )
        )
        own = doubtful.filtered(lambda document: document.company_id in self._companies())
        if own:
            return self.env._(
                "Unknown: %s was sent in that time, and its answer never came. It may have this "
                "number.",
                ", ".join(own.mapped("name")),
            )
        if doubtful:
            return self.env._(
                "Unknown: a document of another company of the issuer was sent in that time, and "
                "its answer never came. It may have this number."
            )
        return self.env._(
            "Other system: not issued from this database. Look it up in SMART's dashboard."
        )

    def _of_other_companies(self, kind, rows, companies):
        """Yield, as ranges, what other companies of the issuer have issued."""
        start = previous = None
        for row in [*rows, None]:
            if row and row[3] not in companies.ids:
                start, previous = start or row, row
                continue
            if start:
                yield Gap(
                    kind,
                    start[1],
                    previous[1],
                    previous[0] - start[0] + 1,
                    self.env._("Issued by another company of the issuer, which is not yours."),
                )
            start = None

    # -- Odoo's references -----------------------------------------------------------------

    def _reference_gaps(self):
        """Yield the names that Odoo's journals skipped among those of the period."""
        rows = self.env.execute_query(
            SQL(
                "SELECT document.name FROM smart_document AS document WHERE %s AND %s"
                " AND document.company_id = ANY(%s) AND document.name IS NOT NULL"
                " AND document.state IN ('issued', 'annulled')",
                self._of_issuer(),
                self._in_period(),
                self._companies().ids,
            )
        )
        series = {}
        for [name] in rows:
            if match := TRAILING_NUMBER.match(name):
                prefix, digits = match.groups()
                series.setdefault((prefix, len(digits)), set()).add(int(digits))
        kind = self.env._("Odoo reference")
        for (prefix, width), numbers in sorted(series.items()):
            ordered = sorted(numbers)
            for before, after in zip(ordered, ordered[1:], strict=False):
                if after - before > 1:
                    names = [
                        f"{prefix}{number:0{width}d}"
                        for number in range(before + 1, min(after, before + 1 + EXPLAINED))
                    ]
                    yield from self._explain_names(
                        kind, names, f"{prefix}{after - 1:0{width}d}", after - before - 1
                    )

    def _explain_names(self, kind, names, last, count):
        reasons = self._reasons(names)
        run = None
        for name in names:
            why = reasons[name]
            if run and run.why == why:
                run.last, run.count = name, run.count + 1
                continue
            if run:
                yield run
            run = Gap(kind, name, name, 1, why)
        if count > len(names):
            run.last, run.count = last, run.count + count - len(names)
            if len(set(reasons.values())) > 1:
                run.why = self.env._("%s And others.", run.why)
        yield run

    def _reasons(self, names):
        """Return in words why nothing with these numbers is in the book: name -> words."""
        reasons = dict.fromkeys(names, self.env._("No invoice in Odoo has this number."))
        for model in self.env["smart.document"]._owner_fields().values():
            # sudo: names and states of invoices are told to auditors too, who read none
            for owner in self.env[model].sudo()._smart_named(names, self._companies()):
                reasons[owner.name] = self._why_not_in_book(owner)
        return reasons

    def _why_not_in_book(self, owner):
        """Return in words why what has a number of the period is not in the book."""
        document = owner.smart_document_id
        if owner.smart_control_number and not document:
            return self.env._("On numbered paper: %s.", owner.smart_legal_name)
        if not document:
            return self.env._("Other system: the invoice does not go through SMART.")
        if document.state == REFUSED:
            return self.env._("Refused by SMART: %s", document.last_error or "")
        if document.state == UNKNOWN:
            return self.env._("Unknown: sent to SMART, and its answer never came.")
        if document.state == WITHDRAWN:
            return self.env._("Withdrawn before it was issued.")
        if document.issue_date:
            return self.env._(
                "%(title)s, issued on %(date)s, outside of the period, with control number "
                "%(number)s.",
                title=document.legal_name or owner.name,
                date=document.issue_date.strftime("%d/%m/%Y"),
                number=document.control_number,
            )
        return self.env._("Waiting: not issued yet.")

    # -- internal numbers ------------------------------------------------------------------

    def _internal_gaps(self):
        """Yield the internal numbers among those of the period that no document has, by type."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH used AS (
                    SELECT document.document_type AS type, document.internal_sequence AS number,
                           document.state,
                           CASE WHEN document.company_id = ANY(%(companies)s)
                                THEN document.name END AS name,
                           %(in_period)s AS in_period
                      FROM smart_document AS document
                     WHERE %(of_issuer)s AND document.internal_sequence > 0
                       AND document.state IN ('sending', 'unknown', 'issued', 'annulled')
                )
                  SELECT type, number, state, name
                    FROM used
                    JOIN (SELECT type, min(number) AS first, max(number) AS last
                            FROM used WHERE in_period GROUP BY type) AS shown USING (type)
                   WHERE number BETWEEN shown.first AND shown.last
                ORDER BY type, number
                """,
                companies=self._companies().ids,
                in_period=self._in_period(),
                of_issuer=self._of_issuer(),
            )
        )
        types = labels(self.env["smart.document"], "document_type")
        previous = None
        for row in rows:
            kind = self.env._("Internal number (%s)", types[row[0]])
            if previous and previous[0] == row[0] and row[1] - previous[1] > 1:
                yield Gap(
                    kind,
                    f"{previous[1] + 1:08d}",
                    f"{row[1] - 1:08d}",
                    row[1] - previous[1] - 1,
                    self.env._(
                        "Other system: in use at SMART, but not by this database (see the notices "
                        "of the numbering)."
                    ),
                )
            if row[2] == UNKNOWN:
                yield Gap(
                    kind,
                    f"{row[1]:08d}",
                    f"{row[1]:08d}",
                    1,
                    self.env._("Unknown: %s was sent with it, and its answer never came.", row[3])
                    if row[3]
                    else self.env._(
                        "Unknown: another company of the issuer sent a document with it, and its "
                        "answer never came."
                    ),
                )
            previous = row

    def _unresolved(self):
        """Return how many documents of the issuer have no outcome: the book is not final."""
        # sudo: only a count, over all companies of the issuer
        return (
            self.env["smart.document"]
            .sudo()
            .search_count(
                [
                    ("issuer_id", "=", self.issuer_id.id),
                    ("environment", "=", self.environment),
                    ("state", "not in", (ISSUED, "annulled", WITHDRAWN)),
                ]
            )
        )
