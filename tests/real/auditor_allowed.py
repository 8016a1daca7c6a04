"""What an auditor may call, written down here once more: a copy, on purpose.

The attack takes every other method of every model. Took it the list from the code that it
attacks, a dangerous name that gets onto that list by mistake would be left out.
"""

#: On every model: they read.
READING = frozenset(
    {
        "check_access_rights",
        "context_get",
        "default_get",
        "exists",
        "export_data",
        "fields_get",
        "formatted_read_group",
        "formatted_read_grouping_sets",
        "get_bindings",
        "get_external_id",
        "get_field_translations",
        "get_formview_action",
        "get_formview_id",
        "get_metadata",
        "get_view",
        "get_views",
        "has_access",
        "has_group",
        "load_views",
        "name_search",
        "read",
        "read_group",
        "read_progress_bar",
        "search",
        "search_count",
        "search_panel_select_multi_range",
        "search_panel_select_range",
        "search_read",
        "web_name_search",
        "web_read",
        "web_read_group",
        "web_search_read",
    }
)

_DIALOG = {"create", "default_get", "get_views", "onchange", "read", "web_read", "web_save"}

#: By model: an auditor's own login, and the window of the book, which writes its own row alone.
OWN = {
    "auth_totp.wizard": _DIALOG | {"enable"},
    "change.password.own": _DIALOG | {"change_password"},
    "res.users": {
        "action_change_password_wizard",
        "action_get",
        "action_totp_enable_wizard",
        "api_key_wizard",
        "preference_change_password",
    },
    "res.users.apikeys": {"remove"},
    "res.users.apikeys.description": _DIALOG | {"make_key"},
    "res.users.apikeys.show": _DIALOG,
    "res.users.identitycheck": _DIALOG | {"run_check"},
    "res.users.settings": {"set_res_users_settings"},
    "smart.book": _DIALOG | {"action_pdf", "action_view", "action_xlsx"},
    "smart.contingency": _DIALOG | {"action_pdf", "action_view"},
}
