"""The scripts that fill the database in which attacks are played."""

#: Two companies, each an issuer of its own, and the people of both.
COMPANIES = r"""
import json
import requests
from odoo import Command, fields

SECRET = "contraseña larga"
VES, VE = env.ref("base.VES"), env.ref("base.ve")
ves_rif = env.ref("l10n_ve_edi_smart.it_ve_rif")

def in_company(of, user=None):
    return env(user=user, context={"lang": "en_US", "allowed_company_ids": of.ids})

def commit():
    cr.commit()
    env.invalidate_all()

def person(key, of, *groups, **values):
    user = env["res.users"].with_context(no_reset_password=True).create({
        "name": key, "login": f"{key}.de.ataques", "password": SECRET, "lang": "en_US",
        "company_id": of.id, "company_ids": [Command.set(of.ids)],
        "group_ids": [Command.set([env.ref(name).id for name in groups])], **values})
    return account(user, SECRET)

def account(user, password):
    key = env(user=user, su=True)["res.users.apikeys"]._generate(None, "attacks", None)
    return {"id": user.id, "login": user.login, "password": password, "key": key,
            "partner": user.partner_id.id}

def buyer(of, name, vat, street, email):
    return env["res.partner"].create({
        "name": name, "vat": vat, "street": street, "email": email, "company_id": of.id,
        "is_company": True, "city": "Caracas", "country_id": VE.id, "phone": "+58 212-2376655",
        "l10n_latam_identification_type_id": ves_rif.id})

mine = company
theirs = env["res.company"].create({
    "name": "Distribuidora El Silencio, C.A.", "vat": "J-29512345-0", "currency_id": VES.id,
    "country_id": VE.id, "street": "Av. Principal", "city": "Caracas"})
env["account.chart.template"].try_loading("ve", theirs)
theirs.write({"smart_environment": "custom", "smart_base_url": os.environ["SIMULATOR"],
              "smart_token": os.environ["TOKEN_OF_THEIRS"]})
env["res.currency.rate"].create({
    "currency_id": env.ref("base.USD").id, "company_id": theirs.id, "name": "2020-01-01",
    "inverse_company_rate": 40.5647})
for one, code in ((mine, "MIA"), (theirs, "SUYA")):
    env["account.journal"].search(
        [("company_id", "=", one.id), ("type", "=", "sale")], limit=1).code = code
buyers = {
    mine: (
        buyer(mine, "Almacenes La Reserva, C.A.", "J-31245678-7", "Calle Reservada 7",
              "compras@lareserva.example.com"),
        buyer(mine, "Ferretería El Vecino, C.A.", "J-40998877-5", "Calle del Vecino 9",
              "compras@elvecino.example.com")),
    theirs: (
        buyer(theirs, "Secretos de Mérida, C.A.", "J-29876543-7", "Avenida Escondida 13",
              "compras@secretos.example.com"),
        buyer(theirs, "Sigilo y Hermanos, C.A.", "J-50123456-6", "Callejón Sigiloso 5",
              "compras@sigilo.example.com")),
}
CLERK = ("base.group_user", "account.group_account_invoice", "base.group_partner_manager")
MANAGER = ("base.group_user", "account.group_account_manager", "base.group_partner_manager",
           "product.group_product_manager")
admin = env.ref("base.user_admin")
admin.lang = "en_US"
people = {
    "cashier": person("cashier", mine, *CLERK),
    "manager": person("manager", mine, *MANAGER),
    "other manager": person("manager2", mine, *MANAGER),
    "admin": account(admin, "admin"),
    "access": person("access", mine, "base.group_user", "base.group_erp_manager"),
    "auditor": person("auditor", mine, "l10n_ve_edi_smart.group_smart_auditor"),
    "reader": person("reader", mine, "base.group_user", "account.group_account_readonly"),
    "employee": person("employee", mine, "base.group_user"),
    "portal": person("portal", mine, "base.group_portal",
                     name=buyers[mine][0].name, partner_id=buyers[mine][0].id),
    "their cashier": person("theircashier", theirs, *CLERK, name="Cajera Discreta"),
    "stranger": person("stranger", theirs, *MANAGER, name="Contadora Discreta"),
}
commit()

def tax_of(of):
    return env["account.tax"].search([
        ("company_id", "=", of.id), ("type_tax_use", "=", "sale"),
        ("smart_tax_kind", "=", "general")], limit=1)

def sold(of, user, partner, price=100.0):
    return in_company(of, user)["account.move"].create({
        "move_type": "out_invoice", "partner_id": partner.id, "currency_id": VES.id,
        "invoice_line_ids": [Command.create({
            "name": "Asesoría", "price_unit": price,
            "tax_ids": [Command.set(tax_of(of).ids)]})]})

def described(of):
    journal = env["account.journal"].search(
        [("company_id", "=", of.id), ("type", "=", "sale")], limit=1)
    tax = tax_of(of)
    return {
        "company": of.id, "company_name": of.name, "rif": of.smart_rif,
        "contact": of.partner_id.id, "currency": VES.id,
        "draft_buyer": env["res.partner"].create({"name": "Un contacto", "company_id": of.id}).id,
        "customer": buyers[of][0].id, "neighbour": buyers[of][1].id,
        "journal": journal.id, "tax": tax.id,
        "account": env["account.account"].with_company(of).search([
            ("company_ids", "in", of.ids), ("account_type", "=", "income_other")], limit=1).id,
        "rounding": env["account.cash.rounding"].create({
            "name": "Redondeo", "rounding": 1.0, "strategy": "biggest_tax"}).id,
        "repartition": tax.invoice_repartition_line_ids.filtered("factor_percent")[-1:].id}

def told(**more):
    engine = [name for name in sorted(env.registry) if name.startswith("smart.")
              and not env[name]._abstract and env[name]._auto and not env[name]._transient]
    models = [*engine, "account.move", "res.company", "res.config.settings"]
    print("RESULT", json.dumps({
        "people": people, "engine": engine,
        "tables": [env[name]._table for name in engine],
        "fields": {name: {
            field: {key: value for key, value in described.items() if key in (
                "type", "store", "readonly", "relation", "selection", "related")}
            for field, described in env[name].fields_get().items()} for name in models},
        **more}, default=str))
    commit()
"""

#: Books with a document in each state, and with everything that belongs to one.
BOOKS = r"""
control = os.environ["CONTROL"]
def fault(name, **more):
    assert requests.post(control + "/faults", json={"fault": name, **more}, timeout=10).ok

def control_number_of_last(of):
    documents = requests.get(
        control + "/ledger", params={"summary": "1", "rif": of.smart_rif}, timeout=10).json()
    return documents["documents"][-1]["control_number"]

def confirmed(move, state):
    move.action_post()
    commit()
    assert move.sudo().smart_state == state, (move.name, move.sudo().smart_state,
                                              move.sudo().smart_last_error)
    return move

def lane_of(of):
    return env["smart.lane"].search([("issuer_id", "=", of.id)])

REASON = {mine: "Motivo reservado", theirs: "Motivo de otros"}
EXPLANATION = {mine: "Vista en el tablero", theirs: "Vista por otros ojos"}

def books(of, cashier, manager):
    customer, neighbour = buyers[of]
    clerk, boss = in_company(of, cashier["id"]), in_company(of, manager["id"])
    issued = confirmed(sold(of, cashier["id"], customer), "issued")
    other = confirmed(sold(of, cashier["id"], neighbour), "issued")
    corrected = confirmed(sold(of, cashier["id"], customer), "issued")
    reversal = clerk["account.move.reversal"].with_context(
        active_model="account.move", active_ids=corrected.ids).create(
        {"reason": "Devolución", "journal_id": corrected.journal_id.id})
    note = clerk["account.move"].browse(reversal.refund_moves()["res_id"])
    confirmed(note, "issued")
    annulled = confirmed(sold(of, cashier["id"], customer), "issued")
    action = boss["account.move"].browse(annulled.ids).action_smart_annul()
    window = boss["smart.annul.wizard"].browse(action["res_id"])
    window.reason = REASON[of]
    window.action_annul()
    commit()
    assert annulled.sudo().smart_state == "annulled"
    action = issued.action_smart_email()
    clerk["smart.email.wizard"].browse(action["res_id"]).action_send()
    commit()
    issued.smart_document_id.sudo()._fetch_file(env.registry, issued.smart_document_id.id)
    env.invalidate_all()
    # What only the service can know: the number of a document that it does not have.
    lane_of(of)._block("Stopped for the table of attacks")
    refused = confirmed(sold(of, cashier["id"], customer), "queued")
    cr.execute("UPDATE smart_document SET request_body = replace(replace(request_body,"
               " '\"idtipodocumento\":1', '\"idtipodocumento\":3'),"
               " '\"relacionado\":\"\"', '\"relacionado\":\"00-00009999\"') WHERE id = %s",
               refused.smart_document_id.ids)
    commit()
    refused.action_smart_send()
    commit()
    assert refused.sudo().smart_state == "refused", refused.sudo().smart_state
    fault("drop_after")
    printed = confirmed(sold(of, cashier["id"], customer), "unknown")
    env["smart.document"]._look_for_witnesses(of)  # as the scheduled action does
    commit()
    witness = printed.sudo().smart_document_id.witness_id
    assert witness, printed.sudo().smart_last_error
    fault("drop_after")
    resolved = confirmed(sold(of, cashier["id"], customer), "unknown")
    boss["smart.resolve.wizard"].create({
        "document_id": resolved.smart_document_id.id, "explanation": EXPLANATION[of],
        "control_number": control_number_of_last(of), "issued_at": fields.Datetime.now(),
    }).action_issued()
    commit()
    assert resolved.sudo().smart_state == "issued"
    fault("drop_before")
    unknown = confirmed(sold(of, cashier["id"], customer), "unknown")
    lane_of(of)._block("Stopped for the table of attacks")
    queued = confirmed(sold(of, cashier["id"], customer), "queued")
    draft = sold(of, cashier["id"], customer)
    journal = draft.journal_id.sudo().copy({"code": "TAL", "smart_channel": "contingency"})
    pad = env["smart.pad"].create({
        "journal_id": journal.id, "number_from": 70001, "number_to": 70100,
        "printer_name": "Imprenta La Estrella, C.A.", "printer_rif": "J-30984512-8"})
    on_paper = sold(of, cashier["id"], customer)
    on_paper.journal_id = journal.id
    on_paper.action_post()
    sheet = on_paper.sudo().smart_sheet_id
    assert sheet.control_number == "00-00070001"
    commit()
    numbering = boss["smart.numbering"].search(
        [("issuer_id", "=", of.id), ("document_type", "=", "invoice")])
    before = numbering.next_number
    for number in (before + 40, before):  # it is logged twice who changed it
        numbering.next_number = number
        commit()
    moves = dict(
        issued=issued, other=other, corrected=corrected, note=note, annulled=annulled,
        refused=refused, resolved=resolved, printed=printed, unknown=unknown, queued=queued,
        draft=draft)
    document = issued.sudo().smart_document_id
    def logged(operation):
        return env["smart.exchange"].search(
            [("issuer_id", "=", of.id), ("operation", "=", operation)], limit=1)
    return {
        **described(of), **{name: move.id for name, move in moves.items()},
        "documents": {name: move.sudo().smart_document_id.id for name, move in moves.items()},
        "line": issued.invoice_line_ids.id,
        "tax_line": issued.line_ids.filtered(lambda line: line.display_type == "tax").id,
        "term_line": issued.line_ids.filtered(
            lambda line: line.display_type == "payment_term").id,
        "numbering": numbering.id, "next_number": before,
        "lane": lane_of(of).id,
        "sheet": sheet.id, "pad": pad.id, "on_paper": on_paper.id,
        "chain": env["smart.chain"].search([("issuer_id", "=", of.id)]).id,
        "link": env["smart.chain.link"].search([("issuer_id", "=", of.id)], limit=1).id,
        "exchange": document.exchange_ids.filtered(lambda one: one.operation == "issue").id,
        "email": document.email_ids.id,
        "witness": witness.id, "evidence": env["ir.attachment"].search(
            [("res_model", "=", witness._name), ("res_field", "=", "file"),
             ("res_id", "=", witness.id)]).id,
        "file": document._file_attachment().id,
        "renumbered": logged("renumber").id, "decided": logged("resolve").id,
        "resolution": env["mail.message"].search(
            [("model", "=", "account.move"), ("res_id", "=", resolved.id),
             ("body", "ilike", EXPLANATION[of])], limit=1).id,
        "control_numbers": [move.sudo().smart_control_number for move in moves.values()
                            if move.sudo().smart_control_number],
        "names": [move.name for move in moves.values() if move.state != "draft"],
    }

told(mine=books(mine, people["cashier"], people["manager"]),
     theirs=books(theirs, people["their cashier"], people["stranger"]))
"""

#: Nothing but two companies that are ready to issue, to the same customers.
READY = """
for one, same in zip(buyers[theirs], buyers[mine]):
    one.write({name: same[name] for name in ("name", "vat", "street", "email")})
told(mine=described(mine), theirs=described(theirs))
"""
