# ruff: noqa: F821 - the names that the tools bring
"""The cost of a document, and of the lists, with a short and with a long history."""

from odoo.api import Environment

SHORT, LONG, ROUNDS = (int(os.environ[f"BENCH_{n}"]) for n in ("SHORT", "LONG", "ROUNDS"))
CHUNK = 10


class Side:
    """A database with so many issued documents."""

    def __init__(self, cursor, history):
        self.cr, self.history = cursor, history
        env = Environment(cursor, odoo.SUPERUSER_ID, {"lang": "en_US"})
        self.company = env["res.company"].search([("name", "=", company.name)])
        self.env = env(context=dict(env.context, allowed_company_ids=self.company.ids))
        self.company = self.company.with_env(self.env)
        self.seconds = {"send": [], "confirm": []}

    def invoice(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.env["res.partner"].search([("ref", "=", "CUSTOMER")]).id,
                "currency_id": self.env.ref("base.VES").id,
                "invoice_line_ids": [(0, 0, {"name": "Line", "price_unit": 100.0})],
            }
        )

    def seal(self):
        """Seal the links of what was sent, as the scheduled action does after its run."""
        self.env["smart.chain"]._seal_all(self.env.registry)

    def add_history(self):
        """Copy an issued invoice with its fiscal document, its exchange and their links."""
        document = queue(1, self.invoice)
        drain(self.company)
        self.seal()
        issued(document)
        move = document.move_id
        name = f"'{move.sequence_prefix}' || lpad(({move.sequence_number} + n)::text, 5, '0')"
        copies(
            self.cr, "account_move", move.id, self.history, name=name,
            sequence_number=f"{move.sequence_number} + n", smart_document_id="NULL",
            access_token="NULL",  # noqa: S106
        )  # fmt: skip
        self.cr.execute("ANALYZE account_move")  # or what follows is planned for an empty table
        copies(
            self.cr, "smart_document", document.id, self.history, name=name,
            move_id=f"(SELECT id FROM account_move WHERE name = {name}"  # noqa: S608
            f" AND journal_id = {move.journal_id.id} AND state = 'posted' AND name != '/')",
            control_number="'01-' || lpad(n::text, 8, '0')",
            queue_position="-n",
        )  # fmt: skip
        self.cr.execute(
            "UPDATE account_move SET smart_document_id = document.id"
            "  FROM smart_document AS document"
            " WHERE document.move_id = account_move.id AND smart_document_id IS NULL"
        )
        self.cr.execute("SELECT max(id) FROM smart_exchange")
        [exchange] = self.cr.fetchone()
        copies(self.cr, "smart_exchange", exchange, self.history)
        self.add_links(smart_exchange=exchange, smart_document=document.id)
        self.cr.commit()
        self.cr._cnx.autocommit = True
        self.cr.execute(
            "VACUUM ANALYZE account_move, smart_document, smart_exchange, smart_chain_link,"
            " smart_chain"
        )
        self.cr._cnx.autocommit = False

    def add_links(self, **sources):
        """Lengthen the chain by the links of the copied exchanges and documents.

        Each link is entered in three indexes of the whole chain, and sealing searches the chain
        for links that are not sealed. The fingerprints are copied, too: none is checked.

        :param sources: table -> the row that was copied
        """
        self.cr.execute("SELECT id, position FROM smart_chain")
        [[chain, position]] = self.cr.fetchall()
        for table, source in sources.items():
            self.cr.execute(f"SELECT min(id) FROM {table} WHERE id > %s", (source,))  # noqa: S608
            [first] = self.cr.fetchone()
            fact = table.removeprefix("smart_") + "_id"
            self.cr.execute(
                f"SELECT id FROM smart_chain_link WHERE {fact} = %s",  # noqa: S608
                (source,),
            )
            [link] = self.cr.fetchone()
            copies(
                self.cr, "smart_chain_link", link, self.history, position=f"{position} + n",
                **{fact: f"{first} - 1 + n"},
            )  # fmt: skip
            position += self.history
        self.cr.execute("UPDATE smart_chain SET position = %s WHERE id = %s", (position, chain))

    def once(self):
        """Confirm and send some documents; note the seconds of each."""
        moves = self.invoice()
        for _n in range(CHUNK - 1):
            moves += self.invoice()
        self.cr.commit()
        start = time.perf_counter()
        moves.action_post()
        self.cr.postcommit.clear()
        self.cr.commit()
        self.seconds["confirm"].append((time.perf_counter() - start) / CHUNK)
        start = time.perf_counter()
        drain(self.company)
        self.seal()
        self.seconds["send"].append((time.perf_counter() - start) / CHUNK)
        issued(moves.smart_document_id)

    def asked(self, question):
        """Return the seconds that a list's question takes, from a cold cache of Odoo's."""
        self.env.invalidate_all()
        start = time.perf_counter()
        question(self)
        seconds = time.perf_counter() - start
        self.cr.rollback()
        return seconds


SALES = [("move_type", "in", ("out_invoice", "out_refund"))]
PLAIN = {"name": {}, "amount_total": {}, "invoice_date": {}, "partner_id": {"fields": {"id": {}}}}
OURS = PLAIN | {"smart_state": {}, "smart_control_number": {}}


def opened(specification, domain=()):
    return lambda side: side.env["account.move"].web_search_read(
        [*SALES, *domain], specification, limit=80, count_limit=10001
    )


def grouped(by):
    return lambda side: side.env["account.move"].formatted_read_group(
        SALES, [by], ["__count", "amount_total_signed:sum"]
    )


def found(model, field, value):
    def question(side):
        assert len(side.env[model].search([(field, "=", value)])) == 1

    return question


QUESTIONS = {
    "invoice list without SMART's columns": opened(PLAIN),
    "invoice list": opened(OURS),
    "invoice list, filtered by status": opened(OURS, [("smart_state", "=", "queued")]),
    "invoices grouped by status of payment (Odoo)": grouped("payment_state"),
    "invoices grouped by SMART status": grouped("smart_state"),
    "invoice by control number": found("account.move", "smart_control_number", "01-00000500"),
    "fiscal document by control number": found("smart.document", "control_number", "01-00000500"),
}

other_cr = Registry(os.environ["BENCH_OTHER_DB"]).cursor()
sides = [Side(cr, SHORT), Side(other_cr, LONG)]
for side in sides:
    side.add_history()
    side.once()
    side.seconds = {"send": [], "confirm": []}
for _round in range(ROUNDS):
    for side in sides:
        side.once()
middle = statistics.median
for what, goal in (("send", ("<=", 1.1)), ("confirm", None)):
    short, long = (side.seconds[what] for side in sides)
    for history, seconds in ((SHORT, short), (LONG, long)):
        figure(f"{what} with {history:,} issued", middle(seconds) * 1000, "ms/document")
    figure(
        f"{what}: {LONG:,} / {SHORT:,} issued",
        middle(long) / middle(short),
        "ratio",
        goal=goal,
        spread=[one / other for one, other in zip(long, short, strict=True)],
    )
for what, question in QUESTIONS.items():
    seconds = [[], []]
    for _round in range(ROUNDS):
        for side, times in zip(sides, seconds, strict=True):
            times.append(side.asked(question))
    short, long = (middle(times) for times in seconds)
    figure(f"{what}, {LONG:,} issued", long * 1000, "ms")
    figure(f"{what}: {LONG:,} / {SHORT:,} issued", long / short, "ratio")
other_cr.close()
finish()
