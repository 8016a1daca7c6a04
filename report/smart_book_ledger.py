from odoo import models
from odoo.tools import SQL

from ..models.base.labels import labels
from ..models.conversion.payload_currency import is_bolivar
from ..models.terms import ANNULLED, ISSUED
from ..smart_api.rates import ADDENDS

#: At most this many differences are named one by one; the others are only counted.
NAMED = 500

LEDGER = """
    SELECT move_id, %s
      FROM (
        SELECT line.move_id,
               -line.balance AS amount,
               CASE
                   WHEN line.display_type = 'tax'
                     OR line.display_type = 'rounding' AND tax.id IS NOT NULL
                       THEN NULLIF(tax.smart_tax_kind, 'exempt') || '_tax'
                   WHEN line.product_id = company.smart_igtf_product_id
                    AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                       THEN 'igtf_tax'
                   WHEN base.kind = 'exempt'
                       THEN 'exempt'
                   WHEN base.kind IS NOT NULL
                       THEN base.kind || '_base'
                   WHEN move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                       THEN 'exempt'
               END AS part
          FROM account_move_line AS line
          JOIN account_move AS move ON move.id = line.move_id
          JOIN res_company AS company ON company.id = line.company_id
     LEFT JOIN account_tax AS tax
            ON tax.id = COALESCE(line.group_tax_id, line.tax_line_id)
           AND tax.type_tax_use = 'sale'
     LEFT JOIN LATERAL (
                   SELECT min(used.smart_tax_kind) AS kind
                     FROM account_move_line_account_tax_rel AS rel
                     JOIN account_tax AS used ON used.id = rel.account_tax_id
                      AND used.type_tax_use = 'sale'
                    WHERE rel.account_move_line_id = line.id
               ) AS base ON true
         WHERE line.parent_state = 'posted'
           AND line.company_id = ANY(%s)
           AND line.date BETWEEN %s AND %s
           AND line.display_type IN ('product', 'tax', 'rounding')
           AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt', 'entry')
      ) AS item
     WHERE part IS NOT NULL
  GROUP BY move_id
"""

SUMS = SQL(", ").join(
    SQL("COALESCE(SUM(amount) FILTER (WHERE part = %s), 0) AS %s", part, SQL.identifier(part))
    for part in ADDENDS
)


class SmartBook(models.TransientModel):
    """The book beside the ledger: the taxes of the same period, and why they differ."""

    _inherit = "smart.book"

    def _ledger(self):
        """Compare the book with the journal items of the period.

        :returns: ``None`` if they cannot be compared, because only one type is shown, or a
            company's books are not in bolívares. Else ``totals`` of the ledger and ``book``,
            both by part, the ``differences``, and how many of these were left out (``more``)
        """
        companies = self._companies()
        if self.document_type or not all(is_bolivar(one.currency_id) for one in companies):
            return None
        self.env.flush_all()
        ledger = SQL(LEDGER, SUMS, companies.ids, self.date_from, self.date_to)
        book = SQL(
            "SELECT move_id, id AS document_id, %s FROM smart_document WHERE id IN %s"
            " UNION ALL SELECT move_id, NULL, %s FROM smart_sheet WHERE id IN %s",
            SQL(", ").join(
                SQL("%s AS %s", SQL.identifier(f"{part}_signed"), SQL.identifier(part))
                for part in ADDENDS
            ),
            self.env["smart.document"]._search(self._domain_of_totals()).subselect(),
            SQL(", ").join(SQL("(amounts->>%s)::numeric", part) for part in ADDENDS),
            self.env["smart.sheet"]._search(self._domain_of_paper_totals()).subselect(),
        )
        [sums] = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) AS ledger",
                SQL(", ").join(
                    SQL("COALESCE(SUM(%s), 0)", SQL.identifier(part)) for part in ADDENDS
                ),
                ledger,
            )
        )
        totals = dict(zip(ADDENDS, map(float, sums), strict=True))
        found = self._differences(ledger, book)
        return {
            "totals": {**totals, "total": sum(totals.values())},
            "book": self._totals_of_all(),
            "differences": self._explain_differences(found[:NAMED]),
            "more": max(len(found) - NAMED, 0),
        }

    def _differences(self, ledger, book):
        """Return (move, document, what the ledger says, what the book says) where they differ."""
        columns = {
            side: SQL(", ").join(
                SQL("COALESCE(%s, 0)::numeric(24, 2)", SQL.identifier(side, part))
                for part in ADDENDS
            )
            for side in ("ledger", "book")
        }
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(ledger.move_id, book.move_id), book.document_id,
                       ARRAY[%(ledger)s], ARRAY[%(book)s]
                  FROM (%(ledger_rows)s) AS ledger
             FULL JOIN (%(book_rows)s) AS book ON book.move_id = ledger.move_id
                 WHERE ARRAY[%(ledger)s] != ARRAY[%(book)s]
              ORDER BY 1, 2
                """,
                ledger=columns["ledger"],
                book=columns["book"],
                ledger_rows=ledger,
                book_rows=book,
            )
        )

    def _explain_differences(self, found):
        """Return the differences for people: document, amounts, cause."""
        # sudo: an auditor may not read journal entries, but is told their name, dates and state
        moves = self.env["account.move"].sudo().browse(row[0] for row in found if row[0])
        documents = self.env["smart.document"].browse(row[1] for row in found if row[1])
        explained = []
        for move_id, document_id, ledger, book in found:
            move = moves.browse(move_id or ())
            document = documents.browse(document_id or ())
            explained.append(
                {
                    "name": (document or move.smart_sheet_id or move.smart_document_id).legal_name
                    or move.name
                    or document.name
                    or "",
                    "control_number": document.control_number or move.smart_control_number or "",
                    "ledger": float(sum(ledger)),
                    "book": float(sum(book)),
                    "difference": float(sum(book) - sum(ledger)),
                    "cause": self._cause(move, document, any(ledger)),
                }
            )
        return explained

    def _cause(self, move, document, booked):
        """Return in words why ledger and book differ about a document.

        :param document: empty when it is not in the book
        :param bool booked: whether the ledger of the period has it
        """
        if document and not booked:
            if not move:
                owner = document.sudo()._owner()  # sudo: as for the moves
                if owner:
                    return self.env._(
                        "Issued for %s, of which the ledger knows no invoice.", owner.display_name
                    )
                return self.env._("Issued, but its invoice is no longer in Odoo.")
            if move.state != "posted":
                return self.env._("Issued, but its invoice is not posted in the ledger.")
            return self.env._(
                "Issued on %(issued)s, but booked on %(booked)s, outside of the period.",
                issued=document.issue_date.strftime("%d/%m/%Y"),
                booked=move.date.strftime("%d/%m/%Y"),
            )
        if document:
            return self.env._("The amounts in the ledger are not those that were issued.")
        if move.smart_sheet_id:
            return self._cause_on_paper(move, booked)
        document = move.smart_document_id
        states = labels(document, "state")
        if not document:
            return self.env._("In the ledger without a fiscal document.")
        if document.state == ANNULLED:
            return self.env._("Annulled at SMART, but still posted in the ledger.")
        if document.state != ISSUED:
            return self.env._("In the ledger, but not issued: %s.", states[document.state].lower())
        if (document.issuer_id, document.environment) != (self.issuer_id, self.environment):
            return self.env._("Issued by another issuer or in another environment.")
        return self.env._(
            "Booked on %(booked)s, but issued on %(issued)s, outside of the period.",
            booked=move.date.strftime("%d/%m/%Y"),
            issued=document.issue_date.strftime("%d/%m/%Y"),
        )
