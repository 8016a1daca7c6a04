#: Documents whose data are noted at a time.
BATCH = 500


def post_init_hook(env):
    """Note what SMART has issued before this bridge was there; free what it has not."""
    moves = env["account.move"]
    ids = moves.search([("smart_document_id", "!=", False)], order="id").ids
    for start in range(0, len(ids), BATCH):
        moves.browse(ids[start : start + BATCH])._smart_note_fiscal_data()
        env.invalidate_all()
