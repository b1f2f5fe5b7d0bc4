"""Which certificates are believed, however often a process asks: those that the named files hold now."""

import shutil
import ssl
from pathlib import Path

import pytest

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.certificates import VARIABLES, context
from tests.jsm.wires import CERTIFICATES


def believed(made: ssl.SSLContext) -> list[bytes]:
    """Return the certificates that a context believes."""
    return made.get_ca_certs(binary_form=True)


def held(name: str) -> list[bytes]:
    """Return the certificates in one of the files of the tests."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(CERTIFICATES / f"{name}.pem")
    return believed(made)


@pytest.mark.parametrize("variable", VARIABLES[:3])
def test_a_file_is_read_once(variable: str) -> None:
    """Two connections of one process share what takes a tenth of a second to read."""
    named = {variable: str(CERTIFICATES / "localhost.pem")}
    assert context(named) is context(dict(named))
    assert context({}) is context({})
    assert context(named) is not context({})


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    """A company that renews its certificates is believed without a restart of whatever connects again."""
    path = tmp_path / "company.pem"
    named = {"SSL_CERT_FILE": str(path)}
    shutil.copyfile(CERTIFICATES / "localhost.pem", path)
    first = believed(context(named))
    renewed = tmp_path / "renewed.pem"
    shutil.copyfile(CERTIFICATES / "other.pem", renewed)
    renewed.replace(path)
    assert first == held("localhost")
    assert believed(context(named)) == held("other") != first


def test_a_file_that_has_gone_is_named_again(tmp_path: Path) -> None:
    """What was read before does not hide that a file is missing now."""
    path = tmp_path / "company.pem"
    named = {"SSL_CERT_FILE": str(path)}
    with pytest.raises(TerminalError, match="SSL_CERT_FILE"):
        context(named)
    shutil.copyfile(CERTIFICATES / "localhost.pem", path)
    assert believed(context(named)) == held("localhost")
    path.unlink()
    with pytest.raises(TerminalError, match="SSL_CERT_FILE"):
        context(named)


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("empty", "a folder in which OpenSSL finds no certificate"),
        ("unhashed", "a folder in which OpenSSL finds no certificate"),
        ("nowhere", "which can't be read"),
    ],
)
def test_a_folder_in_which_nothing_is_found(
    tmp_path: Path, variable: str, name: str, says: str
) -> None:
    """A folder without certificates, or with names that OpenSSL does not look for, is no silent 'not trusted'."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "unhashed").mkdir()
    shutil.copy(CERTIFICATES / "localhost.pem", tmp_path / "unhashed")
    folder = tmp_path / name
    with pytest.raises(
        TerminalError, match=f"{variable} names {folder}, {says}"
    ):
        context({variable: str(folder)})


def test_several_folders_are_believed(tmp_path: Path) -> None:
    """SSL_CERT_DIR may name several folders, as for OpenSSL."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        shutil.copy(CERTIFICATES / "localhost.pem", folder / "0123abcd.0")
    named = ":".join(map(str, folders))
    assert context({"SSL_CERT_DIR": named}) is not context({})


@pytest.mark.parametrize("variable", VARIABLES)
def test_certificates_in_quotes(variable: str) -> None:
    """Quotes that a file for the environment kept are named."""
    with pytest.raises(TerminalError, match=f"{variable} is in quotes"):
        context({variable: '"/etc/ssl/certs/ca.pem"'})
