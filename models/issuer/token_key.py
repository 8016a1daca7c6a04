import os

from odoo import api, fields, models
from odoo.tools import config, ormcache

from ...smart_api.sealing import Seal, split_keys

#: In odoo.conf; the variable of the environment has the same name in capitals.
OPTION = "l10n_ve_edi_smart_key"


class SmartTokenKey(models.Model):
    """The keys that seal tokens: the server's, and the database's own.

    The people who run the server give it a key, which is nowhere in the database. Without one,
    the key in the only row of this table is used. PostgreSQL draws it when the addon is installed
    (two random UUIDs in base64, which have the form of a Fernet key). So it exists before anybody
    needs it, and no SQL statement ever contains it.
    """

    _name = "smart.token.key"
    _description = "Key that Seals SMART's Tokens"
    _log_access = False

    secret = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    def init(self):
        # EXTENDS 'base': runs when the addon is installed or upgraded
        self._draw()
        return super().init()

    @api.model
    def _draw(self):
        """Have PostgreSQL draw the key if there is none, and clear the cached key.

        If two transactions do so at once, one fails to serialize and Odoo repeats it: so both
        seal with the key that is in the table.
        """
        self.env.cr.execute(
            """
            INSERT INTO smart_token_key (id, secret)
            SELECT 1, translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
                                       'base64'), '+/', '-_')
                ON CONFLICT DO NOTHING
            """
        )
        self.env.registry.clear_cache()

    @api.model
    def _seal(self):
        """Return what seals and opens tokens: first with the server's keys, in their order.

        :rtype: smart_api.sealing.Seal
        """
        servers = split_keys(os.environ.get(OPTION.upper()) or config.get(OPTION))
        return Seal([*servers, *self._secrets()])

    @api.model
    @ormcache()
    def _secrets(self):
        # SQL: nobody may read the field, and its value is in no statement
        self.env.cr.execute("SELECT secret FROM smart_token_key")
        return [secret for [secret] in self.env.cr.fetchall()]
