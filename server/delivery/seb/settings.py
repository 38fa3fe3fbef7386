"""The settings of a sitting for Safe Exam Browser: where it starts, how it is quit, and what it forbids."""

from __future__ import annotations

import hashlib
import math
import plistlib
import re
from collections.abc import Mapping
from typing import Any

from server.delivery.seb.config_key import LEFT_OUT

INT_MAX = 2**31 - 1
NAME = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
ESCAPED = re.compile(r'["\x00-\x1f]')  # some clients write a backslash before them, some do not
START, QUIT = "/exam/start", "/exam/quit"
WEB_VIEW_MODERN, FULL_SCREEN, BLOCK_NEW_WINDOWS, START_EXAM = 3, 1, 0, 0

# True for what stays possible: a reload of the page, the clock, and the switch to the Kyrgyz keyboard.
ALLOWED = ("browserWindowAllowReload", "showReloadButton", "showTaskBar", "showTime", "showInputLanguage",
           "allowQuit", "sendBrowserExamKey", "enablePrivateClipboard", "enablePrivateClipboardMacEnforce",
           "createNewDesktop", "monitorProcesses", "enableJavaScript", "audioControlEnabled")  # fmt: skip
FORBIDDEN = ("quitURLConfirm", "allowPrint", "enablePrintScreen", "enableRightMouse", "enableRightMouseMac",
             "allowSpellCheck", "allowDictionaryLookup", "allowDictation", "allowSiri", "allowDownUploads",
             "allowDownloads", "allowUploads", "allowBrowsingBackForward", "allowNavigation",
             "allowSwitchToApplications", "allowVirtualMachine", "allowDisplayMirroring", "allowScreenSharing",
             "allowVideoCapture", "allowAudioCapture", "allowDeveloperConsole", "allowFind",
             "allowPreferencesWindow", "allowUserSwitching", "allowWlan", "enableAltTab", "enableAltEsc",
             "enableAltF4", "enableCtrlEsc", "enableEsc", "enableStartMenu", "enableBrowserWindowToolbar",
             "browserWindowAllowAddressBar", "newBrowserWindowAllowAddressBar", "downloadAndOpenSebConfig",
             "examSessionReconfigureAllow", "URLFilterEnable", "URLFilterEnableContentFilter")  # fmt: skip


class NotPortable(ValueError):
    """A setting that clients of SEB would hash differently; `where` is its name, or that of the one it lies in."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or 'the settings'}: {why}")
        self.where = where


def settings_of(origin: str, quit_password: str, salt: bytes) -> dict[str, Any]:
    """All settings for a sitting served at `origin`; a supervisor may quit at any time by the password."""
    settings: dict[str, Any] = {
        "originatorVersion": "Synak",
        "sebConfigPurpose": START_EXAM,
        "startURL": origin + START,
        "quitURL": origin + QUIT,
        "hashedQuitPassword": hashlib.sha256(quit_password.encode()).hexdigest(),
        "browserWindowWebView": WEB_VIEW_MODERN,
        "browserViewMode": FULL_SCREEN,
        "newBrowserWindowByLinkPolicy": BLOCK_NEW_WINDOWS,
        "newBrowserWindowByScriptPolicy": BLOCK_NEW_WINDOWS,
        "allowedDisplaysMaxNumber": 1,
        "examKeySalt": salt,
        **dict.fromkeys(ALLOWED, True),
        **dict.fromkeys(FORBIDDEN, False),
    }
    require_portable(settings)
    return settings


def to_plist(settings: Mapping[str, Any]) -> bytes:
    """The settings as the XML property list that clients read."""
    require_portable(settings)
    return plistlib.dumps(dict(settings), fmt=plistlib.FMT_XML)


def require_portable(value: object, where: str = "") -> None:
    """Nothing; NotPortable for what the clients of SEB hash differently, so that no key could ever match."""
    if isinstance(value, Mapping):
        _require_portable_keys(value, where)
        for key, each in value.items():
            require_portable(each, where or key)
    elif isinstance(value, list | tuple):
        if "" in value:
            raise NotPortable(where, "an empty text in a list")
        for each in value:
            require_portable(each, where)
    elif (why := _odd(value)) is not None:
        raise NotPortable(where, why)


def _odd(value: object) -> str | None:
    """Why clients would not write a single value alike; None if they do."""
    if isinstance(value, str):
        return "a quotation mark or a line break in a text" if ESCAPED.search(value) else None
    if isinstance(value, int):
        return None if -INT_MAX - 1 <= value <= INT_MAX else "an integer of more than 32 bits"
    is_plain = isinstance(value, bytes) or (isinstance(value, float) and math.isfinite(value))
    return None if is_plain else f"a {type(value).__name__}"


def _require_portable_keys(value: Mapping[str, object], where: str) -> None:
    if not value:
        raise NotPortable(where, "an empty dictionary")
    for key in value:
        if not isinstance(key, str) or not NAME.fullmatch(key):
            raise NotPortable(where or str(key), "a key that is no plain name")
    if len({key.lower() for key in value}) < len(value):
        raise NotPortable(where, "two keys that differ by case alone")
    in_order = sorted(value, key=str.lower)
    if in_order != sorted(value, key=_collated):
        raise NotPortable(where, "keys that systems put in another order")
    if in_order[-1].lower() == LEFT_OUT:
        raise NotPortable(where, "nothing after the entry that is left out")  # Windows would leave a comma behind


def _collated(key: str) -> list[tuple[bool, str]]:
    """As tables of collation have it: the underscore before digits and letters; by its code it stands between them."""
    return [(letter != "_", letter.lower()) for letter in key]
