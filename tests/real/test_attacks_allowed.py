"""What the attacks look like when they are none: whoever may do it, still does it."""

import pytest
from attack_world import rows, served


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("allowed")) as world:
        yield world


def found(query):
    """Return a check that a query finds something."""
    return lambda w, answer: w.sql(query.format(w=w)) not in ("", "0")


ALLOWED = {
    "next number of the numbering": ("manager, admin", (
        lambda w, me: me.call("smart.numbering", "write", [w.mine.numbering], {
            "next_number": w.mine.next_number + 10}),
        found("SELECT 1 FROM smart_numbering WHERE id = {w.mine.numbering}"
              " AND next_number = {w.mine.next_number} + 10"))),
    "a comment on the numbering": ("manager", (
        lambda w, me: me.call("smart.numbering", "message_post", [w.mine.numbering],
                              body="Acordado", message_type="comment"),
        found("SELECT 1 FROM mail_message WHERE model = 'smart.numbering'"
              " AND body LIKE '%Acordado%'"))),
    "a comment on an invoice": ("cashier", (
        lambda w, me: me.call("account.move", "message_post", [w.mine.issued],
                              body="Llamar", message_type="comment"),
        found("SELECT 1 FROM mail_message WHERE res_id = {w.mine.issued}"
              " AND body LIKE '%Llamar%'"))),
    "address and token together": ("admin", (
        lambda w, me: me.call("res.company", "write", [w.mine.company], {
            "smart_environment": "custom", "smart_base_url": "https://otra.example.com",
            "smart_token": w.token_of_mine}),
        found("SELECT 1 FROM res_company WHERE id = {w.mine.company}"
              " AND smart_base_url = 'https://otra.example.com'"))),
    "the company's phone and name": ("admin", (
        lambda w, me: me.call("res.company", "write", [w.mine.company], {"phone": "+58 212-1"}),
        found("SELECT 1 FROM res_partner WHERE id = {w.mine.contact} AND phone LIKE '%212%1'"))),
    "the phone of the company's contact": ("cashier", (
        lambda w, me: me.call("res.partner", "write", [w.mine.contact], {"phone": "+58 212-2"}),
        found("SELECT 1 FROM res_partner WHERE id = {w.mine.contact} AND phone LIKE '%212%2'"))),
    "an auditor": ("admin", (
        lambda w, me: me.call("res.users", "create", [{
            "name": "Fiscal", "login": f"fiscal.{me.name}", "group_ids": [[6, 0, [int(w.sql(
                "SELECT res_id FROM ir_model_data WHERE name = 'group_smart_auditor'"))]]]}]),
        found("SELECT 1 FROM res_users WHERE login LIKE 'fiscal.%'"))),
    "annulling": ("manager", (
        lambda w, me: me.annul(w.mine.other),
        found("SELECT 1 FROM smart_document WHERE id = {w.mine.documents[other]}"
              " AND annulment_state IS NOT NULL"))),
    "e-mailing": ("cashier, manager", (
        lambda w, me: me.call("smart.email.wizard", "action_send", [
            me.call("account.move", "action_smart_email", [w.mine.issued])["res_id"]]),
        found("SELECT 1 FROM smart_email WHERE id > {w.theirs.email}"))),
    "a book of one's own": ("manager, cashier, reader, auditor", (
        lambda w, me: me.get(
            f"/l10n_ve_edi_smart/book/{me.call('smart.book', 'web_save', [], {}, {})[0]['id']}"
            ".xlsx"),
        lambda w, answer: w.mine.control_numbers[0] in answer)),
    "reading documents": ("cashier, manager, reader, auditor, admin", (
        lambda w, me: me.call("smart.document", "search_read", [], ["control_number"]),
        lambda w, answer: w.mine.control_numbers[0] in answer)),
    "reading the log": ("cashier, manager, reader, auditor", (
        lambda w, me: me.call("smart.exchange", "read", [w.mine.exchange], ["answer_body"]),
        lambda w, answer: w.mine.control_numbers[0] in answer)),
    "a default of one's own": ("cashier, manager", (
        lambda w, me: me.call("ir.default", "set", "account.move", "narration", "Gracias",
                              user_id=True),
        found("SELECT 1 FROM ir_default WHERE json_value LIKE '%Gracias%'"))),
    "resolving": ("manager", (
        lambda w, me: me.wizard("smart.resolve.wizard", {
            "document_id": w.mine.documents["unknown"], "explanation": "Vista",
            "control_number": "00-00000090"}, "action_issued"),
        found("SELECT 1 FROM smart_document WHERE control_number = '00-00000090'"))),
    "contesting": ("manager", (
        lambda w, me: me.wizard("smart.resolve.wizard", {
            "document_id": w.mine.documents["printed"], "explanation": "Vista"}, "action_contest"),
        found("SELECT 1 FROM smart_witness WHERE verdict = 'contested'"))),
    "seeing the evidence": ("cashier, manager, reader, auditor", (
        lambda w, me: me.get(f"/web/content/smart.witness/{w.mine.witness}/file"),
        lambda w, answer: answer.startswith("%PDF"))),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attempt"), rows(ALLOWED))
def test_whoever_may_do_it_does_it(world, who, attempt):
    act, check = attempt
    world.state.remember()
    answer = world.attempt(who, act)
    try:
        assert check(world, answer), answer
    finally:
        world.state.changes()  # puts it back
        world.forget_defaults()


@pytest.mark.parametrize(
    "context",
    [
        {"tracking_disable": True},
        {"mail_notrack": True},
        {"mail_create_nolog": True, "install_mode": True},
        {"default_author_id": 3, "default_body": "x"},
    ],
    ids=repr,
)
def test_no_context_keeps_a_change_of_the_numbering_from_being_noted(world, context):
    world.state.remember()
    me = world["manager"]
    count = (
        f"SELECT count(*) FROM smart_exchange WHERE operation = 'renumber' AND user_id = {me.id}"
    )
    before = int(world.sql(count))
    me.call(
        "smart.numbering", "write", [world.mine.numbering],
        {"next_number": world.mine.next_number + 20}, context=context,
    )  # fmt: skip
    after = int(world.sql(count))
    world.state.changes()  # puts it back
    assert after == before + 1
