"""Confirming on paper: which sheet each document takes, and everything that speaks against it.

Sheets are taken in the order of their numbers; a sheet before the last one that is used has a
document on it, or somebody has said what became of it.
"""

from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...smart_api import texts
from ..conversion.problem import Problem
from ..terms import SHEET_USED
from .pad_sheets import runs

#: Where a transaction keeps the sheets that it has taken.
TAKEN = "l10n_ve_edi_smart.sheets"


class SheetError(UserError):
    """What speaks against writing documents on paper; ``owners`` are these documents."""

    def __init__(self, message, owners):
        super().__init__(message)
        self.owners = owners
        # The web client shows only what it knows by its class.
        self.context = {"exception_class": "odoo.exceptions.UserError"}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_pads(self):
        """Return the pads that this document may be on, in the order in which they are used.

        The paper of a taxpayer: a branch with a RIF of its own writes on its own.
        """
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: only whose RIF it issues with
        issuer = company._smart_issuer_or_self()
        # sudo: the paper of a journal is for whoever writes in it, of a branch as well; and who
        # only reads invoices is told which sheet is next
        return (
            self.env["smart.pad"]
            .sudo()
            .search(
                [
                    ("journal_id", "=", self.journal_id.id),
                    ("issuer_id", "=", issuer.id),
                    ("document_type", "in", (False, self._smart_document_type())),
                ]
            )
        )

    def _smart_pad(self):
        """Return the pad of the sheet that is typed, or the first one that has sheets left."""
        pads = self._smart_pads()
        if self.smart_sheet_control:
            typed = pads.filtered(lambda pad: pad._has(pad._understand(self.smart_sheet_control)))
            if typed:
                return typed[0]
        return next((pad for pad in pads if pad._free(1)), pads[:1])

    # -- which sheet -----------------------------------------------------------------------

    def _smart_plan_sheets(self):
        """Return which sheet each document is to take: move -> (pad, number).

        Nobody else takes a sheet of these pads until the transaction ends.

        :raises SheetError: with every problem of every document
        """
        alike = self.grouped(
            lambda move: (move.company_id, move.journal_id, move._smart_document_type())
        )
        offered = [(moves, moves[0]._smart_pads()) for moves in alike.values()]
        pads = {move: some for moves, some in offered for move in moves}
        self.env["smart.pad"].union(*pads.values())._hold()
        problems = defaultdict(list)
        used = {}
        plan = {}
        typed = self.filtered(lambda move: texts.one_line(move.smart_sheet_control))
        for move in typed:
            move._smart_plan_typed(pads[move], used, plan, problems[move])
        left = {}
        for move in (self - typed)._smart_by_day():
            move._smart_plan_next(pads[move], used, plan, left, problems[move])
        self._smart_find_gaps(used, plan, problems)
        self._smart_check_heads(problems)
        self._smart_check_document_numbers(plan, problems)
        self._smart_refuse_sheets(problems)
        return plan

    def _smart_refuse_sheets(self, problems):
        """Raise :class:`SheetError` with all problems, if there are any: move -> list."""
        if any(problems.values()):
            raise SheetError(
                self._smart_sheet_words(problems),
                self.browse().union(*(move for move in self if problems[move])),
            )

    def _smart_by_day(self):
        """Return drafts in the order in which they take sheets: of their dates, then as made."""
        today = self._smart_today()
        return self.sorted(lambda move: (move.invoice_date or today, move.id))

    def _smart_plan_typed(self, pads, used, plan, problems):
        typed = texts.one_line(self.smart_sheet_control)
        pad = next((pad for pad in pads if pad._has(pad._understand(typed))), None)
        if not pad:
            problems.append(
                Problem(
                    self,
                    "smart_sheet_control",
                    self.env._("“%s” is on no pad of this journal.", typed),
                    self._smart_words_of_pads(pads),
                )
            )
            return
        number = pad._understand(typed)
        if pad not in used:
            used[pad] = pad._used()
        if number in used[pad]:
            # sudo: it may be of a branch that the user cannot read
            sheet = (
                self.env["smart.sheet"]
                .sudo()
                .search([("pad_id", "=", pad.id), ("number", "=", number)], limit=1)
            )
            problems.append(
                Problem(
                    self,
                    "smart_sheet_control",
                    self.env._("The sheet %s is used already.", sheet.display_name),
                    self.env._("Enter the control number of the sheet that you have before you."),
                )
            )
        elif (pad, number) in plan.values():
            problems.append(
                Problem(
                    self,
                    "smart_sheet_control",
                    self.env._("The sheet %s is entered twice.", pad._control_number(number)),
                    self.env._("Enter the control number of the sheet that you have before you."),
                )
            )
        else:
            plan[self] = (pad, number)

    def _smart_plan_next(self, pads, used, plan, left, problems):
        """Plan the next sheet; ``left`` yields those of each pad, after all typed ones."""
        for pad in pads:
            if pad not in left:
                if pad not in used:
                    used[pad] = pad._used()
                taken = used[pad] | {number for other, number in plan.values() if other == pad}
                numbers = range(pad.number_from, pad.number_to + 1)
                left[pad] = iter([number for number in numbers if number not in taken])
            if number := next(left[pad], None):
                plan[self] = (pad, number)
                return
        problems.append(
            Problem(
                self,
                "journal_id",
                self.env._("No sheet is left for it in the journal %s.", self.journal_id.name),
                self._smart_words_of_pads(pads),
            )
        )

    def _smart_find_gaps(self, used, plan, problems):
        """Name the sheets that would be skipped, with the document that is the first after them."""
        for pad, taken in used.items():
            planned = {number: move for move, (other, number) in plan.items() if other == pad}
            left = []
            for number in range(pad.number_from, max(planned, default=0) + 1):
                if number in planned:
                    if left:
                        problems[planned[number]].append(
                            self._smart_skipped(planned[number], pad, left)
                        )
                    left = []
                elif number not in taken:
                    left.append(number)

    def _smart_skipped(self, move, pad, numbers):
        return Problem(
            self.browse(move.id),
            "smart_sheet_control",
            self.env._(
                "Nobody has said what became of the sheets before it: %s.",
                ", ".join(pad._ranges(numbers)),
            ),
            self.env._(
                "Press “Explain skipped sheets” on the document or on the pad and say whether they "
                "are spoilt, annulled or lost; or enter the number of the sheet that comes first."
            ),
        )

    def _smart_check_heads(self, problems):
        """Name what every fiscal document says, and these do not."""
        today = self._smart_today()
        for move in self:
            customer = move.commercial_partner_id
            if move.invoice_date and move.invoice_date > today:
                problems[move].append(
                    Problem(
                        move,
                        "invoice_date",
                        self.env._("What is on paper is not dated in the future."),
                        self.env._("Enter the date that is written on the sheet."),
                    )
                )
            for tax in move._smart_unknown_taxes():
                problems[move].append(
                    Problem(
                        tax,
                        "smart_tax_kind",
                        self.env._("It is at none of the rates of VAT, which the book lists."),
                        self.env._("Choose another tax on the lines."),
                    )
                )
            if move.move_type == "out_receipt":
                problems[move].append(
                    Problem(
                        move,
                        "move_type",
                        self.env._("A sales receipt is not a fiscal document."),
                        self.env._("Make an invoice instead."),
                    )
                )
            if not customer.vat:
                problems[move].append(
                    Problem(
                        customer,
                        "vat",
                        self.env._("A fiscal document names the RIF or cédula of its customer."),
                        self.env._("Enter it on the contact."),
                    )
                )

    def _smart_check_document_numbers(self, plan, problems):
        """Name document numbers that are used already, or twice here."""
        typed = {move: move._smart_document_number_on(*sheet) for move, sheet in plan.items()}
        # sudo: sheets of all branches of the issuer count
        sheets = self.env["smart.sheet"].sudo()
        used = sheets.search([("document_number", "in", list(filter(None, typed.values())))])
        # Of a sheet that no document is on, its pad knows for which type it is.
        seen = {
            (
                sheet.issuer_id,
                sheet.printer_rif,
                sheet.document_number,
                sheet.document_type or sheet.pad_id.document_type,
            )
            for sheet in used
        }
        for move, number in typed.items():
            pad = plan[move][0]
            paper = (pad.issuer_id, pad.printer_rif, number)
            kind = move._smart_document_type()
            if number and {(*paper, kind), (*paper, False)} & seen:
                problems[move].append(
                    Problem(
                        move,
                        "smart_sheet_number",
                        self.env._("The document number %s is used already.", number),
                        self.env._("Enter the one that is printed on the sheet."),
                    )
                )
            seen.add((*paper, kind))

    def _smart_document_number_on(self, pad, number):
        """Return the document number of a sheet: what is typed, or what the pad says."""
        return texts.one_line(self.smart_sheet_number) or pad._document_number(number)

    def _smart_words_of_pads(self, pads):
        if pads:
            return self.env._("Its pads: %s.", ", ".join(pads.mapped("display_name")))
        return self.env._(
            "Enter the pad that the printing house has delivered under Invoicing › Configuration › "
            "SMART › Pads of Numbered Paper."
        )

    def _smart_sheet_words(self, problems):
        """Return all problems of all documents in one message."""
        lines = [self.env._("This cannot be written on numbered paper, so nothing was confirmed:")]
        for move in self:
            if problems[move]:
                lines += ["", move._smart_headline()]
                lines += [f"- {problem.sentence(move)}" for problem in problems[move]]
        return "\n".join(lines)

    # -- taking it -------------------------------------------------------------------------

    def _smart_take_sheets(self, plan):
        """Note on which sheets these documents, which are posted, are."""
        # sudo: sheets are written by their transitions alone
        Sheet = self.env["smart.sheet"].sudo()
        sheets = Sheet._engine_create(
            [
                {
                    **Sheet._vals_of_pad(*plan[move]),
                    **move._smart_sheet_vals(),
                    "state": SHEET_USED,
                    "user_id": self.env.uid,
                }
                for move in self
            ]
        )
        self.env.cr.precommit.data.setdefault(TAKEN, set()).update(sheets.ids)
        return sheets

    def _smart_taken_here(self):
        """Tell whether the running transaction is the one that wrote it on paper."""
        # sudo: for the id only
        return self.sudo().smart_sheet_id.id in self.env.cr.precommit.data.get(TAKEN, ())

    def action_smart_explain_sheets(self):
        """Button: say what became of the sheets before the one that is typed."""
        self.ensure_one()
        self.check_access("write")
        pad = self._smart_pad()
        free = pad._free(1) if pad else []
        if not free:
            raise UserError(
                self.env._("No sheet is left. %s", self._smart_words_of_pads(self._smart_pads()))
            )
        typed = pad._understand(self.smart_sheet_control)
        left = pad._left_before(typed) if pad._has(typed) else []
        return pad._action_explain(*runs(left or free)[0])
