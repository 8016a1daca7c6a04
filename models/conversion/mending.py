"""Who can mend what is wrong: whoever may not is told whom to ask."""

#: So many people are named.
NAMED = 3


def who_can_mend(record, company):
    """Return the names of people who may change a record, ``""`` if the user may.

    :param record: what has to be mended
    :param company: whose people are asked
    """
    if record.has_access("write"):
        return ""
    # sudo: whoever asks may not read who has which rights
    env = record.sudo().env
    groups = (
        env["ir.model.access"]
        .search(
            [
                ("model_id.model", "=", record._name),
                ("perm_write", "=", True),
                ("group_id", "!=", False),
            ]
        )
        .group_id
    )
    people = env["res.users"].search(
        [
            ("all_group_ids", "in", groups.ids),
            ("company_ids", "in", company.ids),
            ("share", "=", False),
        ],
        order="id",
    )
    # sudo: the issuer may be a parent company that the user cannot read
    responsible = company.sudo().smart_issuer_id._smart_responsible()
    able = (responsible & people) + (people - responsible)
    may = able.filtered(lambda user: record.with_user(user).sudo(False).has_access("write"))
    return ", ".join((may or responsible)[:NAMED].mapped("name"))
