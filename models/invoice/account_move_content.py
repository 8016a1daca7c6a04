"""What an invoice says, for the integrity chain: digested when it is queued and at every check.

It covers what neither Odoo nor a person changes in the move and its lines once the document waits
(see the locks). It leaves out the payment (what is paid, reconciled, due and outstanding), and
references, notes, salesperson, analytic distribution and tax tags. Of the lines of payment terms
it has only the sum, because another due date may divide it anew.
"""

from odoo import api, models
from odoo.tools import SQL

from ..chain.owner import OwnerContent

#: Key -> column, or expression, of ``move``. Amounts are apart: they are written without zeros at
#: the end, because these depend on how the amount was stored.
OF_MOVE = {
    "company": "company_id",
    "type": "move_type",
    "name": "name",
    "sequence_prefix": "sequence_prefix",
    "sequence_number": "sequence_number",
    "date": "date",
    "invoice_date": "invoice_date",
    "supply_date": "taxable_supply_date",
    "journal": "journal_id",
    "partner": "commercial_partner_id",
    "contact": "partner_id",
    "delivery": "partner_shipping_id",
    "currency": "currency_id",
    "fiscal_position": "fiscal_position_id",
    "former_number": "smart_former_number",
    "note_reason": "smart_note_reason",
}
AMOUNTS_OF_MOVE = {
    "rate": "invoice_currency_rate",
    "untaxed": "amount_untaxed",
    "tax": "amount_tax",
    "total": "amount_total",
    "untaxed_signed": "amount_untaxed_signed",
    "tax_signed": "amount_tax_signed",
    "total_signed": "amount_total_signed",
    "total_in_currency_signed": "amount_total_in_currency_signed",
    "igtf_base": "smart_igtf_base",
}
#: Likewise of ``line``.
OF_LINE = {
    "id": "id",
    "type": "display_type",
    "product": "product_id",
    "name": "name",
    "uom": "product_uom_id",
    "account": "account_id",
    "tax_line": "tax_line_id",
    "tax_group": "group_tax_id",
    "repartition": "tax_repartition_line_id",
}
AMOUNTS_OF_LINE = {
    "quantity": "quantity",
    "price": "price_unit",
    "discount": "discount",
    "subtotal": "price_subtotal",
    "total": "price_total",
    "debit": "debit",
    "credit": "credit",
    "balance": "balance",
    "amount_currency": "amount_currency",
    "tax_base": "tax_base_amount",
}

CONTENT = """
    SELECT move.id,
           move.state = 'posted',
           json_build_object(
               %(of_move)s,
               'lines', (
                   SELECT json_agg(json_build_object(
                              %(of_line)s,
                              'taxes', (
                                  SELECT json_agg(rel.account_tax_id ORDER BY rel.account_tax_id)
                                    FROM account_move_line_account_tax_rel AS rel
                                   WHERE rel.account_move_line_id = line.id),
                              'as_move', %(as_move)s) ORDER BY line.id)
                     FROM account_move_line AS line
                    WHERE line.move_id = move.id
                      AND line.display_type NOT IN ('payment_term', 'cogs')),
               'terms', (
                   SELECT json_build_array(
                              trim_scale(sum(line.balance)),
                              trim_scale(sum(line.amount_currency)),
                              bool_and(%(as_move)s))
                     FROM account_move_line AS line
                    WHERE line.move_id = move.id AND line.display_type = 'payment_term')
           )::text
      FROM account_move AS move
     WHERE move.id = ANY(%(ids)s)
"""

#: Columns in which lines repeat their move, for searches and reports.
AS_MOVE = SQL(
    """(line.parent_state, line.date, line.invoice_date, line.move_name, line.journal_id,
        line.company_id, line.partner_id, line.currency_id)
       IS NOT DISTINCT FROM
       (move.state, move.date, move.invoice_date, move.name, move.journal_id,
        move.company_id, move.commercial_partner_id, move.currency_id)"""
)


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _smart_contents(self, ids):
        # IMPLEMENTS 'smart.document.owner'
        self.flush_model()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                CONTENT,
                of_move=_pairs("move", OF_MOVE, AMOUNTS_OF_MOVE),
                of_line=_pairs("line", OF_LINE, AMOUNTS_OF_LINE),
                as_move=AS_MOVE,
                ids=list(ids),
            )
        )
        return {row[0]: OwnerContent(text=row[2], stands=row[1]) for row in rows}


def _pairs(alias, plain, amounts):
    """Return keys and values for ``json_build_object``."""
    pairs = [SQL("%s, %s", key, SQL.identifier(alias, column)) for key, column in plain.items()]
    pairs += [
        SQL("%s, trim_scale(%s::numeric)", key, SQL.identifier(alias, column))
        for key, column in amounts.items()
    ]
    return SQL(", ").join(pairs)
