from .common import SmartCommon


class ResolvingCommon(SmartCommon):
    """Documents in doubt, and an accounting manager who resolves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("smart_ana", "account.group_account_manager", name="Ana Pérez")

    def unknown(self, fault="drop_after", enforced=False):
        """Return an invoice that was sent and whose answer was lost."""
        self.connect(enforce_numbering=enforced)
        self.simulator.fault(fault)
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        return invoice

    def wizard(self, invoice, user=None, **values):
        action = invoice.with_user(user or self.manager).action_smart_resolve()
        Wizard = self.env["smart.resolve.wizard"].with_user(user or self.manager)
        wizard = Wizard.with_context(action["context"]).create({})
        wizard.write({"explanation": "Seen in the dashboard", **values})
        # As between two requests of the web client.
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard

    def press(self, wizard, button):
        try:
            getattr(wizard, button)()
        finally:
            self.env.invalidate_all()
