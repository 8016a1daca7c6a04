"""What a cashier reads of what SMART, or the law, would not take."""

from odoo.addons.l10n_ve_edi_smart.models.conversion.mending import who_can_mend

#: What the till opens, so that the cashier mends it there.
MENDED_IN_TILL = ("res.partner", "product.product")


def as_told(problem, owner, env):
    """Return a problem of the pre-flight as the till shows it.

    :param problem: a :class:`conversion.problem.Problem`
    :param owner: the document, or the empty record of one; it is not named
    :param env: of the cashier
    :returns: ``text`` names field and cure; ``model`` and ``id`` are what the till opens to mend
        it, ``False`` where the cashier cannot
    :rtype: dict
    """
    record, field = problem.record, problem.field_label
    names = [field] if field else []
    if record._name == "account.move.line":  # it is the product that the cashier knows
        record = record.product_id
    elif record._name != owner._name:
        names.insert(0, record.display_name)
    text = f"{problem.what} {problem.cure}".strip()
    text = f"{' › '.join(names)}: {text}" if names else text
    opens = record._name in MENDED_IN_TILL and isinstance(record.id, int)
    # The records of the document are gone again; others are the user's affair.
    if record and record._name != owner._name:
        mended = record.with_env(env)
        who = who_can_mend(mended, env.company)
        if who:
            text += " " + env._("You may not change it: ask %s.", who)
            opens = False
    return {"text": text, "model": opens and record._name, "id": opens and record.id}
