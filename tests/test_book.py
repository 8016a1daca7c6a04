import re
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .book_common import BookCase, read_workbook


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestBook(BookCase):
    def causes(self, book):
        return [(one["name"], one["cause"]) for one in book._ledger()["differences"]]

    def gaps(self, book):
        return [(gap.first, gap.last, gap.why) for gap in book._gaps()[0]]

    # -- rows ------------------------------------------------------------------------------

    def test_the_book_has_every_document_in_order_of_its_control_number(self):
        first = self.confirm(self.make_invoice(("general", 100.0), ("reduced", 50.0)))
        second = self.confirm(self.make_invoice(("luxury", 10.0), ("exempt", 7.0)))
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": first.ids, "journal_id": first.journal_id.id, "reason": "Devolución"}
        )
        wizard.reverse_moves()
        note = self.confirm(wizard.new_move_ids)
        book = self.book()
        rows = list(book._rows())
        self.assertEqual([row["name"] for row in rows], (first + second + note).mapped("name"))
        self.assertEqual([row["line"] for row in rows], [1, 2, 3])
        self.assertEqual(rows[0]["sales"], 170)
        self.assertEqual((rows[0]["general_base"], rows[0]["reduced_tax"]), (100, 4))
        self.assertEqual((rows[1]["luxury_tax"], rows[1]["exempt"]), (3.1, 7))
        self.assertEqual([row["number"] for row in rows], ["00000001", "00000002", "00000001"])
        self.assertEqual(rows[2]["related"], "Invoice 00000001 00-00000001")
        self.assertEqual(rows[2]["general_base"], -100, "a credit note is negative")
        self.assertEqual(book._totals()["general_base"], 0)
        self.assertEqual(book._totals()["total"], 20.1)
        self.assertFalse(self.causes(book))
        self.assertFalse(self.gaps(book))
        only = self.book(document_type="credit_note")
        self.assertEqual([row["name"] for row in only._rows()], [note.name])
        self.assertIsNone(only._ledger())

    def test_an_annulled_document_is_listed_and_counts_nothing(self):
        kept, annulled = self.confirm(), self.confirm()
        document = annulled.smart_document_id.sudo()
        document._engine_write({"state": "annulled", "annulment_reason": "Error en el cliente"})
        book = self.book()
        rows = list(book._rows())
        self.assertEqual([row["total"] for row in rows], [116, 0])
        self.assertEqual(rows[1]["note"], "ANNULLED: Error en el cliente")
        self.assertEqual(book._totals()["total"], kept.amount_total)
        self.assertEqual(
            self.causes(book),
            [("Invoice 00000002", "Annulled at SMART, but still posted in the ledger.")],
        )

    # -- ledger ----------------------------------------------------------------------------

    def test_differences_from_the_ledger_name_document_and_cause(self):
        today = self.env["account.move"]._smart_today()
        good, moved, cancelled, tampered = (self.confirm() for _number in range(4))
        waiting = self.make_invoice()
        waiting.action_post()
        self.env.cr.postcommit.clear()
        entry = self.env["account.move"].create(
            {
                "date": today,
                "line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "account_id": self.company_data["default_account_revenue"].id,
                            "credit": 10,
                            "tax_ids": self.taxes["general"].ids,
                        }
                    ),
                    Command.create(
                        {
                            "name": "x",
                            "account_id": self.company_data["default_account_receivable"].id,
                            "debit": 11.6,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        early = today.replace(day=1) - timedelta(days=1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move_line SET date = %s WHERE move_id = %s",
                            [early, moved.id])  # fmt: skip
        self.env.cr.execute("UPDATE account_move SET date = %s WHERE id = %s", [early, moved.id])
        self.env.cr.execute(
            "UPDATE account_move_line SET parent_state = 'cancel' WHERE move_id = %s",
            [cancelled.id],
        )
        self.env.cr.execute(
            "UPDATE account_move SET state = 'cancel' WHERE id = %s", [cancelled.id]
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance - 1 WHERE move_id = %s"
            " AND display_type = 'tax'",
            [tampered.id],
        )
        self.env.invalidate_all()
        book = self.book()
        causes = dict(self.causes(book))
        self.assertNotIn(good.smart_legal_name, causes)
        self.assertNotIn(good.name, causes)
        self.assertIn("outside of the period", causes[moved.smart_legal_name])
        self.assertIn(early.strftime("%d/%m/%Y"), causes[moved.smart_legal_name])
        self.assertIn("not posted", causes[cancelled.smart_legal_name])
        self.assertIn("not those that were issued", causes[tampered.smart_legal_name])
        self.assertIn("not issued: waiting", causes[waiting.name])
        self.assertIn("without a fiscal document", causes[entry.name])
        ledger = book._ledger()
        apart = ledger["book"]["total"] - ledger["totals"]["total"]
        self.assertAlmostEqual(apart, sum(one["difference"] for one in ledger["differences"]), 2)

    # -- missing numbers -------------------------------------------------------------------

    def test_missing_numbers_are_named_with_their_explanation(self):
        moves = self.env["account.move"].union(*(self.confirm() for _number in range(3)))
        self.copy_documents(moves, 5)  # 1 to 18
        self.env.cr.execute(
            "UPDATE smart_document SET sent_at = sent_at + internal_sequence * interval '1 minute'"
        )
        self.env.cr.execute(
            "UPDATE smart_document SET state = 'refused', control_number = NULL,"
            " internal_sequence = 0, last_error = 'Campo exento'"
            " WHERE control_number = '00-00000007'"
        )
        self.env.cr.execute(
            "UPDATE smart_document SET state = 'unknown', control_number = NULL"
            " WHERE control_number = '00-00000010'"
        )
        self.env.cr.execute(
            "UPDATE smart_document SET control_number = '00-000000' || (number + 20)::text"
            " FROM (SELECT id, right(control_number, 2)::int AS number FROM smart_document) AS n"
            " WHERE n.id = smart_document.id AND number > 14"
        )
        self.env.invalidate_all()
        gaps = self.gaps(self.book())
        refused, unknown = ("INV/2026/00007", "INV/2026/00010")
        self.assertIn((refused, refused, "Refused by SMART: Campo exento"), gaps)
        self.assertIn(
            (unknown, unknown, "Unknown: sent to SMART, and its answer never came."), gaps
        )
        whys = {(first, last): why for first, last, why in gaps}
        self.assertIn("Other system", whys["00-00000015", "00-00000034"])
        self.assertIn(unknown, whys["00-00000010", "00-00000010"])
        self.assertIn("Other system", whys["00000007", "00000007"])
        self.assertIn(unknown, whys["00000010", "00000010"])

    def test_numbers_before_this_database_are_one_gap(self):
        move = self.confirm()
        self.env.cr.execute(
            "UPDATE smart_document SET control_number = '00-00004711' WHERE move_id = %s", [move.id]
        )
        self.env.invalidate_all()
        self.assertEqual(
            self.gaps(self.book()),
            [("00-00000001", "00-00004710", "Before the first document of this database.")],
        )

    def test_documents_of_a_branch_that_is_not_the_users_are_only_a_reason(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id}
        )
        moves = self.env["account.move"].union(*(self.confirm() for _number in range(3)))
        moves[1].smart_document_id.sudo()._engine_write({"company_id": branch})
        self.env.flush_all()
        book = self.book(company_ids=self.company.ids)
        self.assertEqual(len(list(book._rows())), 2)
        self.assertIn(
            (
                "00-00000002",
                "00-00000002",
                "Issued by another company of the issuer, which is not yours.",
            ),
            self.gaps(book),
        )

    def test_a_doubtful_document_of_a_branch_that_is_not_the_users_is_not_named(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id}
        )
        moves = self.env["account.move"].union(*(self.confirm() for _number in range(3)))
        doubtful = moves[1].smart_document_id
        self.env.cr.execute(
            "UPDATE smart_document SET sent_at = sent_at + internal_sequence * interval '1 minute'"
        )
        self.env.cr.execute(
            "UPDATE smart_document SET state = 'unknown', control_number = NULL WHERE id = %s",
            [doubtful.id],
        )
        self.env.invalidate_all()
        said = " ".join(gap.why for gap in self.book()._gaps()[0])
        self.assertEqual(said.count(doubtful.name), 2, "by the control and the internal number")
        doubtful.sudo()._engine_write({"company_id": branch.id})
        self.env.flush_all()
        book = self.book(company_ids=self.company.ids)
        said = " ".join(gap.why for gap in book._gaps()[0])
        self.assertNotIn(doubtful.name, said)
        self.assertEqual(said.count("another company of the issuer"), 2)

    # -- rights ----------------------------------------------------------------------------

    def test_a_book_is_only_about_companies_of_the_user(self):
        self.confirm()
        other = self.setup_other_company(name="Otra")["company"]
        stranger = new_test_user(
            self.env, "stranger", "account.group_account_readonly", company_id=other.id,
            company_ids=other.ids,
        )  # fmt: skip
        Book = self.env["smart.book"].with_user(stranger)
        with self.assertRaises(AccessError):
            Book.create({"issuer_id": self.company.id})
        book = Book.create({})
        for values in ({"issuer_id": self.company.id}, {"company_ids": self.company.ids}):
            with self.assertRaises(AccessError):
                book.write(values)
        stranger.sudo().write({"company_id": self.company.id, "company_ids": self.company.ids})
        self.env.invalidate_all()
        for use in (book._in_companies, book.action_view, book.action_xlsx):
            with self.assertRaises(AccessError):
                use()

    def test_an_auditor_makes_the_same_book_as_the_bookkeeper(self):
        moves = self.env["account.move"].union(*(self.confirm() for _number in range(3)))
        moves[2].smart_document_id.sudo()._engine_write({"state": "annulled"})
        auditor = new_test_user(
            self.env, "auditor", "l10n_ve_edi_smart.group_smart_auditor",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip
        mine, its = (
            self.env["smart.book"].with_user(user).create({"company_ids": self.company.ids})
            for user in (self.env.user, auditor)
        )
        mine, its = mine._in_companies(), its._in_companies()
        self.assertEqual(list(its._rows()), list(mine._rows()))
        self.assertEqual(its._totals(), mine._totals())
        self.assertEqual(its._ledger(), mine._ledger())
        self.assertTrue(its._ledger()["differences"])
        self.assertEqual(its._gaps(), mine._gaps())
        self.assertTrue(its._workbook())
        with self.assertRaises(AccessError):
            mine.with_user(auditor).read(["date_from"])
        with self.assertRaises(AccessError):
            its.unlink()

    def test_a_book_makes_changes_and_deletes_no_company(self):
        messages = self.env["mail.message"].search_count([])
        for command in (
            Command.create({"name": "Nueva"}),
            Command.update(self.company.id, {"name": "Otra"}),
            Command.delete(self.company.id),
        ):
            with self.assertRaises(AccessError):
                self.env["smart.book"].create({"company_ids": [command]})
            with self.assertRaises(AccessError):
                self.book().write({"company_ids": [list(command)]})
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    # -- output ----------------------------------------------------------------------------

    def test_a_workbook_without_formulas(self):
        self.customer.name = "=HYPERLINK(1)"
        self.confirm()
        sheets = read_workbook(self.book()._workbook())
        row = next(row for row in sheets["Sales Book"] if row and row[0] == 1.0)
        self.assertEqual(row[5], "00000001")
        self.assertTrue(row[-1].startswith("INV/"), "Odoo's name comes last")
        self.assertIn("'=HYPERLINK(1)", row)

    def test_the_book_is_a_venezuelan_one_in_spanish(self):
        self.env["res.lang"]._activate_lang("es_VE")
        self.confirm()
        book = self.book().with_context(lang="es_VE")
        headings = dict(book._columns())
        self.assertEqual(headings["control_number"], "N.º de control")
        self.assertEqual(headings["vat"], "RIF o cédula")
        self.assertEqual(headings["general_base"], "Base imponible 16 %")
        self.assertEqual(headings["sales"], "Total ventas incluyendo IVA")
        html = self.env["ir.actions.report"].with_context(lang="es_VE")._render_qweb_html(
            "l10n_ve_edi_smart.report_smart_book", book.ids
        )[0].decode()  # fmt: skip
        for words in ("Libro de ventas", "Números faltantes", "Comparación con el libro mayor"):
            self.assertIn(words, html)

    def test_ten_thousand_documents(self):
        """The whole book: totals, planted gaps, a tampered row, screen, PDF and workbook."""
        moves = self.env["account.move"].union(
            self.confirm(self.make_invoice(("general", 100.0), ("exempt", 7.0))),
            self.confirm(self.make_invoice(("reduced", 33.33), ("luxury", 12.5))),
            self.confirm(self.make_invoice(("general", 9.99), currency_id=self.usd.id)),
            self.confirm(self.make_invoice(("general", 1234.56))),
        )
        self.copy_documents(moves, 2499)
        self.assertEqual(self.env["smart.document"].search_count([]), 10000)
        book = self.book()
        ledger = book._ledger()
        self.assertFalse(ledger["differences"])
        for part, total in ledger["totals"].items():
            self.assertAlmostEqual(ledger["book"][part], total, 2)
        self.assertFalse(book._gaps()[0])
        # Three numbers that nobody has, and a row that somebody has changed.
        self.env.cr.execute(
            "DELETE FROM smart_document WHERE control_number IN"
            " ('00-00005000', '00-00005001', '00-00009000')"
        )
        self.env.cr.execute(
            "UPDATE smart_document SET general_tax_signed = 1 WHERE control_number = '00-00006001'"
        )
        self.env.invalidate_all()
        gaps = [gap[:2] for gap in self.gaps(book)]
        self.assertIn(("00-00005000", "00-00005001"), gaps)
        self.assertIn(("00-00009000", "00-00009000"), gaps)
        causes = dict(self.causes(book))
        self.assertIn("not those that were issued", causes["Invoice 00006001"])
        self.assertIn("without a fiscal document", causes["INV/2026/05000"])
        self.assertEqual(len(causes), 4)
        rows = read_workbook(book._workbook())["Sales Book"]
        lines = [row for row in rows if row and isinstance(row[0], float)]
        self.assertEqual(len(lines), 9997)
        totals = book._totals()
        self.assertAlmostEqual(sum(row[18] for row in lines), totals["total"], 2)
        report = self.env["ir.actions.report"]
        name = "l10n_ve_edi_smart.report_smart_book"
        html = report._render_qweb_html(name, book.ids, {"report_type": "pdf"})[0].decode()
        self.assertGreater(len(re.findall("00-000[0-9]{5}", html)), 9997)
        # The screen has what it all comes to, and where to get the rows.
        screen = report._render_qweb_html(name, book.ids)[0].decode()
        self.assertLess(len(screen), 100_000)
        self.assertIn(f"/l10n_ve_edi_smart/book/{book.id}.xlsx", screen)
        self.assertIn(f"/report/pdf/{name}/{book.id}", screen)
        for said in ("not those that were issued", "00-00005001", f"{totals['total']:,.2f}"):
            self.assertIn(said.translate(str.maketrans(",.", ".,")), screen)
