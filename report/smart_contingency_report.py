"""The contingency report: the documents of an outage on paper, and the letters that tell of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.paper.words import address_words, money_words
from ..models.terms import SHEET_USED
from . import smart_contingency_words as words


class ReportSmartContingency(models.AbstractModel):
    _name = "report.l10n_ve_edi_smart.report_smart_contingency"
    _description = "Contingency Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["smart.contingency"].browse(docids)
        return {"docs": reports, "content": self._content, "money": money_words}

    @api.model
    def _content(self, report):
        """Return all that the report says, in Spanish."""
        report.check_access("read")
        report._acting()
        sheets = report._sheets()
        documents = sheets.filtered("move_id")
        return {
            "company": report._company(),
            "period": f"{report.date_from:%d/%m/%Y} al {report.date_to:%d/%m/%Y}",
            "outage": report._outage_words().rstrip(",").capitalize(),
            "cause": report.cause,
            "documents": [sheet._contingency_row() for sheet in documents],
            "total": sum(documents._counting().mapped("amount_total_signed")),
            "count": len(documents._counting()),
            "unused": report._unused_rows(sheets),
            "pads": report._pad_rows(sheets),
            "letters": report._letters(sheets),
            "signer": [
                report.responsible_name,
                report.responsible_number and f"C.I. {report.responsible_number}",
                report.responsible_role,
            ],
            "dated": f"{report.place}, {words.day_words(report._now())}",
        }


class SmartContingency(models.TransientModel):
    _inherit = "smart.contingency"

    def _now(self):
        return fields.Datetime.context_timestamp(
            self.with_context(tz="America/Caracas"), fields.Datetime.now()
        )

    def _company(self):
        """Return name, RIF and address of the company; those of its issuer where it has none."""
        # sudo: whoever prints this for a company may know its name and RIF
        company = self.company_id.sudo()
        issuer = company._smart_issuer_or_self()
        return {
            "name": issuer.name,
            "rif": issuer.smart_holder_rif or issuer.smart_rif or issuer.vat or "",
            "address": address_words(issuer.partner_id),
        }

    def _domain(self):
        """Return the domain of the sheets of the taxpayer in the period, those of branches too."""
        # sudo: only whose RIF the company issues with
        company = self.company_id.sudo()
        issuer = company._smart_issuer_or_self()
        domain = [
            ("company_id", "child_of", company.id),
            ("issuer_id", "=", issuer.id),
            ("issue_date", ">=", self.date_from),
            ("issue_date", "<=", self.date_to),
        ]
        # sudo: only which ones; an auditor reads no journals
        if journals := self.sudo().journal_ids:
            domain.append(("journal_id", "in", journals.ids))
        return domain

    def _sheets(self):
        """Return the sheets of the period, by pad and number.

        :raises UserError: if some are of branches in which the user is not: what the tax office
            is told would lack them
        """
        Sheet, domain = self.env["smart.sheet"], self._domain()
        # sudo: only for the tree of companies
        mine = self.env.user.company_ids.filtered(
            lambda one: self.company_id in one.sudo().parent_ids
        )
        sheets = Sheet.with_context(allowed_company_ids=mine.ids).search(
            domain, order="printer_rif, control_number, id"
        )
        # sudo: only how many there are
        if missing := Sheet.sudo().search_count(domain) - len(sheets):
            raise UserError(
                self.env._(
                    "%(count)s sheets of the period are of branches of %(company)s in which you "
                    "are not, and belong in this report. Have somebody print it who is in all of "
                    "them.",
                    count=missing,
                    company=self.company_id.display_name,
                )
            )
        return sheets

    def _unused_rows(self, sheets):
        """Return the sheets that no document is on, with what is known of them."""
        rows = [
            {
                "control_number": sheet.control_number,
                "state": words.STATES[sheet.state],
                "reason": sheet.reason,
                # sudo: the name of whoever said it
                "user": sheet.sudo().user_id.name,
                "date": f"{sheet.issue_date:%d/%m/%Y}",
            }
            for sheet in sheets
            if not sheet.move_id
        ]
        for pad in sheets.pad_id:
            used = pad._used()
            rows += [
                {
                    "control_number": pad._control_number(number),
                    "state": words.UNEXPLAINED,
                    "reason": "",
                    "user": "",
                    "date": "",
                }
                for number in range(pad.number_from, max(used))
                if number not in used
            ]
        return rows

    def _pad_rows(self, sheets):
        return [
            {
                "printer": f"{pad.printer_name}, RIF {pad.printer_rif}",
                "range": pad._range_words(pad.number_from, pad.number_to),
                "used": ", ".join(pad._ranges(mine.mapped("number"))),
            }
            for pad, mine in sheets.grouped("pad_id").items()
        ]

    def _outage_words(self):
        local = self.with_context(tz="America/Caracas")
        start = words.moment_words(fields.Datetime.context_timestamp(local, self.started_at))
        if not self.ended_at:
            return words.SINCE_OPEN.format(start=start)
        end = words.moment_words(fields.Datetime.context_timestamp(local, self.ended_at))
        return words.SINCE_ENDED.format(start=start, end=end)

    def _letters(self, sheets):
        """Return the two letters: to whom, about what, and their paragraphs."""
        paragraphs = self._paragraphs(sheets)
        subject = "Notificación de emisión de documentos en contingencia"
        return [
            {
                "to": [self.office, words.SENIAT, "Presente.-"],
                "subject": subject,
                "paragraphs": [*paragraphs, words.TO_SENIAT],
            },
            {
                "to": [self.printing_house, "Presente.-"],
                "subject": subject,
                "paragraphs": [*paragraphs, words.TO_PRINTER],
            },
        ]

    def _paragraphs(self, sheets):
        company = self._company()
        number = self.responsible_number
        opening = words.OPENING.format(
            responsible=self.responsible_name,
            number=f", titular de la cédula de identidad N.º {number}" if number else "",
            role=(self.responsible_role or "responsable").lower(),
            company=company["name"],
            rif=company["rif"],
            address=company["address"],
            law=words.LAW,
            since=self._outage_words(),
            cause=self.cause.rstrip("."),
        )
        documents = sheets.filtered("move_id")
        if not documents:
            return [opening, words.NO_SALES]
        counting = documents._counting()
        sales = words.SALES.format(
            printers=words.list_words(
                dict.fromkeys(f"{one.printer_name} (RIF {one.printer_rif})" for one in documents)
            ),
            emitted=words.emitted_words(len(counting)),
            total=money_words(sum(counting.mapped("amount_total_signed"))),
            ranges=words.list_words(
                each
                for pad, mine in documents.grouped("pad_id").items()
                for each in pad._ranges(mine.mapped("number"))
            ),
        )
        others = len(sheets) - len(counting)
        told = [words.ANNULLED.format(count=others)] if others else []
        return [opening, sales, *told]


class SmartSheet(models.Model):
    _inherit = "smart.sheet"

    def _contingency_row(self):
        """Return the cells of a document in the list."""
        self.ensure_one()
        stands = self.state == SHEET_USED
        state = words.STATES[self.state]
        return {
            "date": f"{self.issue_date:%d/%m/%Y}",
            "type": words.TYPES[self.document_type],
            "number": self.document_number or self.control_number,
            "control_number": self.control_number,
            "customer": self.customer_name,
            "vat": self.customer_vat or "",
            "total": self.amount_total_signed if stands else 0.0,
            "state": state if stands else f"{state}: {self.reason}",
        }
