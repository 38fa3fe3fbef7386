"""The settings of a sitting for Safe Exam Browser: where it starts, how it is quit, and what it forbids."""

from __future__ import annotations

import hashlib
import plistlib
from collections.abc import Mapping
from typing import Any

INT_MAX = 2**31 - 1
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


def require_portable(value: object, where: str = "the settings") -> None:
    """Nothing; ValueError for what the clients of SEB hash differently, so that no key could ever match."""
    if isinstance(value, Mapping):
        _require_portable_keys(value, where)
        for key, each in value.items():
            require_portable(each, key)
    elif isinstance(value, list | tuple):
        for each in value:
            if each == "":
                raise ValueError(f"{where}: an empty text in a list")
            require_portable(each, where)
    elif isinstance(value, int):
        if not -INT_MAX - 1 <= value <= INT_MAX:
            raise ValueError(f"{where}: an integer of more than 32 bits")
    elif not isinstance(value, str | bytes | float):
        raise ValueError(f"{where}: a {type(value).__name__}")


def _require_portable_keys(value: Mapping[str, object], where: str) -> None:
    if not value:
        raise ValueError(f"{where}: an empty dictionary")
    if not all(isinstance(key, str) for key in value):
        raise ValueError(f"{where}: a key that is no text")
    if len({key.lower() for key in value}) < len(value):
        raise ValueError(f"{where}: two keys that differ by case alone")
