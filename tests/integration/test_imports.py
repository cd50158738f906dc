"""Sending something in: tried first and then committed, seen by the sender alone, visible with the next release."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kakehashi.exports.graph import exported
from kakehashi.pipeline.load import load
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from kakehashi.store.dumping import DumpFormat
from tests.faults.test_bad_assessments import private_of
from tests.support.assessing import BOARD, home_at
from tests.support.importing import Office, Sender, assessments, catalogue, office
from tests.support.making import maker_at, snapshot_of
from tests.support.server import Reply, serving

OTHER = "隣町教育委員会"
RULE = '{ resources(text: "条") { nodes { prefLabel(lang: ["ja"]) { value } } } }'


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(home_at(tmp_path)) as found:
        yield found


@pytest.fixture
def writer(here: Office) -> Sender:
    return here.sender("imports:write")


def release(here: Office) -> str:
    return str(here.client.ask("{ release { id } }")["release"]["id"])


def rules(here: Office) -> set[str]:
    """The names of the rules that were sent, as anybody sees them."""
    return {one["prefLabel"]["value"] for one in here.client.ask(RULE)["resources"]["nodes"]}


def refused(reply: Reply, status: int) -> str:
    """The message of a refusal."""
    assert reply.status == status, reply.body
    assert reply.headers["cache-control"] == "no-store"
    messages = reply.json()["messages"]
    assert messages["ja"]
    return str(messages["en"])


def test_what_is_sent_is_served_with_the_next_release(here: Office, writer: Sender) -> None:
    before = release(here)
    reply = writer.send("rules.xlsx", catalogue())
    assert reply.status == 202
    accepted = reply.json()
    assert reply.headers["location"] == f"/imports/{accepted['id']}"
    assert (accepted["state"], accepted["private"], accepted["dryRun"]) == ("received", False, False)
    assert (release(here), rules(here)) == (before, set()), "nothing is served before it is built"
    assert writer.get(reply.headers["location"]).headers["retry-after"]
    found = here.built(writer, reply)
    assert (found["state"], found["releaseBefore"], found["error"]) == ("done", before, None)
    assert found["releaseAfter"] == release(here) != before
    assert rules(here) == {"条"}
    (source,) = found["report"]["sources"]
    assert (source["outcome"], source["files"], source["source"]) == ("loaded", ["rules.xlsx"], "source/template/sent")
    assert source["kept"]["resource"] == 4
    assert not (here.journal.folder / "jobs" / accepted["id"] / "files").exists(), "what was built is kept no longer"


@pytest.mark.parametrize("way", ["body", "form"])
def test_a_dry_run_changes_nothing_and_says_what_it_would_change(here: Office, writer: Sender, way: str) -> None:
    before, files = release(here), sorted(map(str, (here.home / "releases").rglob("*")))
    content = catalogue()
    if way == "body":
        reply = writer.send("rules.xlsx", content, "dryRun=true")
    else:
        reply = writer.form([("rules.xlsx", content)], {"dryRun": "true"})
    tried = here.built(writer, reply)
    assert (tried["state"], tried["releaseBefore"]) == ("done", before)
    assert (release(here), rules(here)) == (before, set())
    assert sorted(map(str, (here.home / "releases").rglob("*"))) == files
    changes = tried["difference"]["changes"]
    assert changes["sources"]["added"] == {"count": 1, "first": ["source/template/sent"]}
    assert changes["resources"]["added"]["count"] == 4
    assert changes["resources"]["removed"]["count"] == changes["resources"]["changed"]["count"] == 0
    committed = here.built(writer, writer.post(f"/imports/{tried['id']}/commit"))
    assert (committed["state"], committed["commitOf"]) == ("done", tried["id"])
    assert committed["releaseAfter"] == tried["releaseAfter"] == release(here), "just what was tried"
    assert committed["files"] == tried["files"]
    assert rules(here) == {"条"}


def test_pairs_of_which_something_else_is_known_are_told_in_words(here: Office, writer: Sender) -> None:
    rows = (
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "k:rule-3\tskos:exactMatch\tk:law-2\tsemapv:ManualMappingCuration\n"
    )
    head = (
        "#curie_map:\n#  k: https://kakehashi.example/id/\n#mapping_set_id: https://sets.example/x\n"
        "#license: https://creativecommons.org/publicdomain/zero/1.0/\n"
    )
    base = snapshot_of(here.home).release.base
    sent = (head.replace("https://kakehashi.example", base) + rows).encode()
    tried = here.built(writer, writer.send("x.sssom.tsv", sent, "dryRun=true"))
    assert tried["difference"]["pairs"]["count"] == 1, tried
    (pair,) = tried["difference"]["pairs"]["first"]
    assert {pair["a"], pair["b"]} == {"rule-3", "law-2"}
    assert (len(pair["before"]), pair["after"]) == (5, ["EQUAL"])


def test_a_commit_is_refused_where_the_ground_has_moved(here: Office, writer: Sender) -> None:
    tried = here.built(writer, writer.send("a.xlsx", catalogue("a"), "dryRun=true"))
    here.built(writer, writer.send("b.xlsx", catalogue("b")))
    served = release(here)
    commit = f"/imports/{tried['id']}/commit"
    assert f"'{served}'" in refused(writer.post(commit), 412)
    assert release(here) == served
    done = here.built(writer, writer.post(commit, if_match="*"))
    assert done["state"] == "done"
    assert {one["source"] for one in done["report"]["sources"]} == {"source/template/a"}
    assert len(snapshot_of(here.home).sources) == 3


def test_a_commit_is_refused_where_the_ground_moves_before_it_is_built(here: Office, writer: Sender) -> None:
    tried = here.built(writer, writer.send("a.xlsx", catalogue("a"), "dryRun=true"))
    reply = writer.post(f"/imports/{tried['id']}/commit")
    (here.home / "b.xlsx").write_bytes(catalogue("b"))
    load(maker_at(here.home), [here.home / "b.xlsx"])
    found = here.built(writer, reply)
    assert (found["state"], found["error"]["code"]) == ("refused", "CONFLICT")
    assert found["error"]["messages"]["ja"]
    assert "source/template/a" not in snapshot_of(here.home).sources
    assert here.built(writer, writer.post(f"/imports/{tried['id']}/commit", if_match="*"))["state"] == "done"


def test_what_is_sent_upon_a_release_is_built_upon_no_other(here: Office, writer: Sender) -> None:
    served = release(here)
    assert writer.send("a.xlsx", catalogue(), if_match=f'"{served}"').status == 202
    refused(writer.send("a.xlsx", catalogue(), if_match='"0123456789abcdef"'), 412)
    for bad in (served, f'W/"{served}"', f'"{served}", "x"', '"../x"', '""'):
        assert "If-Match" in refused(writer.send("a.xlsx", catalogue(), if_match=bad), 400)


def test_a_commit_sent_twice_is_one(here: Office, writer: Sender) -> None:
    tried = here.built(writer, writer.send("a.xlsx", catalogue(), "dryRun=true"))
    first = writer.post(f"/imports/{tried['id']}/commit")
    second = writer.post(f"/imports/{tried['id']}/commit")
    assert (first.status, second.status, first.json()["id"]) == (202, 200, second.json()["id"])
    here.build()
    third = writer.post(f"/imports/{tried['id']}/commit")
    assert (third.status, third.json()["state"]) == (200, "done"), "though the release is another by now"
    assert len(writer.get().json()) == 2


def test_only_a_dry_run_that_went_well_can_be_committed(here: Office, writer: Sender) -> None:
    waiting = writer.send("a.xlsx", catalogue(), "dryRun=true").json()["id"]
    assert "'received'" in refused(writer.post(f"/imports/{waiting}/commit"), 409)
    bad = here.built(writer, writer.send("a.txt", b"nothing", "dryRun=true"))
    assert bad["state"] == "refused"
    assert "'refused'" in refused(writer.post(f"/imports/{bad['id']}/commit"), 409)
    done = here.built(writer, writer.send("a.xlsx", catalogue("b")))
    assert "dryRun" in refused(writer.post(f"/imports/{done['id']}/commit"), 409)


def test_what_is_sent_twice_with_one_key_is_one(here: Office, writer: Sender) -> None:
    first = writer.send("a.xlsx", catalogue(), idempotency_key="one", if_match=f'"{release(here)}"')
    again = writer.send("a.xlsx", catalogue(), idempotency_key="one", if_match=f'"{release(here)}"')
    assert (first.status, again.status, first.json()["id"]) == (202, 200, again.json()["id"])
    assert here.build() == 1
    old = f'"{first.json()["id"][:16]}"'
    for headers in ({}, {"if_match": old}):
        other = writer.send("a.xlsx", catalogue(name="別"), idempotency_key="one", **headers)
        assert "something else" in refused(other, 422)
    assert here.sender("imports:write").send("a.xlsx", catalogue(), idempotency_key="one").status == 202, (
        "another's key is another"
    )
    for bad in ("", "a b", "ä", "x" * 256):
        refused(writer.send("a.xlsx", catalogue(), idempotency_key=bad), 400)


def test_one_key_sent_many_times_at_once_is_one(here: Office, writer: Sender) -> None:
    def send(_: int) -> Reply:
        return writer.send("a.xlsx", catalogue(), idempotency_key="same")

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(send, range(12)))
    assert {reply.status for reply in replies} <= {200, 202}
    assert [reply.status for reply in replies].count(202) == 1
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert here.build() == 1
    assert list((here.journal.folder / "receiving").iterdir()) == []


def test_what_many_send_at_once_is_all_built(here: Office, writer: Sender) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda number: writer.send("a.xlsx", catalogue(f"set-{number}")), range(8)))
    assert {reply.status for reply in replies} == {202}
    builders = [here.importer() for _ in range(4)]

    def build(importer: Any) -> int:
        count = 0
        while here.journal.waiting():
            count += importer.turn() is not None
        return count

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(build, builders)) == 8, "several builders, and no job twice"
    assert len(snapshot_of(here.home).sources) == 9


def test_several_files_make_up_one_import(here: Office, writer: Sender) -> None:
    found = here.built(writer, writer.form([("a.xlsx", catalogue("a")), ("b.xlsx", catalogue("b")), ("c.txt", b"nothing")]))
    assert found["state"] == "done"
    assert {one["outcome"] for one in found["report"]["sources"]} == {"loaded", "refused"}
    assert [file["name"] for file in found["files"]] == ["a.xlsx", "b.xlsx", "c.txt"]


def test_only_the_sender_and_an_admin_see_an_import(here: Office, writer: Sender) -> None:
    sent = writer.send("a.xlsx", catalogue(), "dryRun=true").json()["id"]
    here.build()
    other, admin = here.sender("imports:write"), here.sender("admin")
    for path in (f"/imports/{sent}", f"/imports/{sent}/commit"):
        ask = other.get if path.endswith(sent) else other.post
        nobody = ask(path.replace(sent, "0" * 32))
        assert nobody.status == 404
        assert ask(path).body == nobody.body
        assert ask(path).headers.keys() == nobody.headers.keys()
    assert other.get().json() == []
    assert [one["id"] for one in writer.get().json()] == [sent]
    assert [one["id"] for one in admin.get().json()] == [sent]
    assert admin.get(f"/imports/{sent}").json()["state"] == "done"
    committed = admin.post(f"/imports/{sent}/commit")
    assert here.built(admin, committed)["state"] == "done"
    assert writer.get(committed.headers["location"]).status == 200, "the sender sees what became of it"


@pytest.mark.parametrize("path", ["x", "..%2f..%2fkeys", "0" * 31, "0" * 33, "g" * 32, "A" * 32, "%00"])
def test_ids_that_are_none(here: Office, writer: Sender, path: str) -> None:
    assert writer.get(f"/imports/{path}").status == 404
    assert writer.post(f"/imports/{path}/commit").status == 404


def test_who_may_not_send_is_told_what_it_takes(here: Office) -> None:
    nobody, reader = Sender(here.client), here.sender("read", "private:read", organisations=[BOARD])
    challenge = nobody.send("a.xlsx", catalogue())
    assert challenge.headers["www-authenticate"] == 'Bearer realm="kakehashi", scope="imports:write"'
    assert "imports:write" in refused(challenge, 401)
    for reply in (reader.send("a.xlsx", catalogue()), reader.get(), reader.get("/imports/" + "0" * 32)):
        assert "imports:write" in refused(reply, 403)
        assert 'error="insufficient_scope"' in reply.headers["www-authenticate"]
    public, private = here.sender("imports:write"), here.sender("imports:private", organisations=[BOARD])
    assert "imports:private" in refused(public.send("a.xlsx", assessments(), "private=true"), 403)
    assert "imports:write" in refused(private.send("a.xlsx", catalogue()), 403)
    assert here.journal.entries() == []


def test_an_assessment_that_is_sent_in_is_never_public(here: Office) -> None:
    sender = here.sender("imports:private", organisations=[BOARD])
    served = release(here)
    tried = here.built(sender, sender.send("a.xlsx", assessments(), "private=true&dryRun=true"))
    assert tried["state"] == "done"
    assert tried["difference"]["changes"]["assessments"]["added"]["count"] == 1
    assert private_of(here.home).assessments == ()
    done = here.built(sender, sender.post(f"/imports/{tried['id']}/commit"))
    assert (done["state"], done["releaseBefore"], done["releaseAfter"], release(here)) == ("done", served, served, served)
    assert done["report"]["private"] is None, "the id of the private release would tell when others send"
    assert [one.organisation for one in private_of(here.home).assessments] == [BOARD]
    public = [file for file in here.home.rglob("*") if file.is_file() and not {"private", "imports", "keys"} & set(file.parts)]
    assert len(public) > 5
    assert not [file for file in public if BOARD.encode() in file.read_bytes()]
    assert not list(here.journal.folder.rglob("files/*")), "and the journal keeps no copy"


def test_what_is_private_is_not_taken_as_public_nor_the_other_way(here: Office) -> None:
    sender = here.sender("imports:write", "imports:private", organisations=[BOARD])
    before = release(here)
    wrong = here.built(sender, sender.send("a.xlsx", assessments()))
    assert wrong["state"] == "refused"
    assert "private=true" in wrong["report"]["sources"][0]["faults"][0]["en"]
    wrong = here.built(sender, sender.send("a.xlsx", catalogue(), "private=true"))
    assert wrong["state"] == "refused"
    assert "never published" in wrong["report"]["sources"][0]["faults"][0]["en"]
    both = here.built(sender, sender.form([("a.xlsx", catalogue()), ("b.xlsx", assessments())], {"private": "true"}))
    assert {one["outcome"] for one in both["report"]["sources"]} == {"loaded", "refused"}
    assert (release(here), rules(here)) == (before, set())
    assert [one.organisation for one in private_of(here.home).assessments] == [BOARD]


def test_nobody_writes_for_an_organisation_that_is_not_theirs(here: Office) -> None:
    board = here.sender("imports:private", organisations=[BOARD])
    other = here.sender("imports:private", organisations=[OTHER])
    nobody = here.sender("imports:private")
    here.built(board, board.send("a.xlsx", assessments(), "private=true"))
    said = set()
    for sender, content in ((other, assessments()), (nobody, assessments()), (other, assessments(OTHER, "secret-board"))):
        found = here.built(sender, sender.send("a.xlsx", content, "private=true"))
        assert found["state"] == "refused"
        said.add(json.dumps(found["report"]["sources"][0]["faults"]))
        assert "備考" not in json.dumps(found, ensure_ascii=False)
    assert len(said) == 1, "of another's source no more is said than of another's organisation"
    assert [one.organisation for one in private_of(here.home).assessments] == [BOARD]
    assert here.built(other, other.send("a.xlsx", assessments(OTHER, "other-board"), "private=true"))["state"] == "done"
    assert {one.organisation for one in private_of(here.home).assessments} == {BOARD, OTHER}


def test_what_others_send_in_private_shows_in_nothing_of_ones_own(here: Office) -> None:
    board, other = (here.sender("imports:private", organisations=[one]) for one in (BOARD, OTHER))
    own = ("a.xlsx", assessments(remark="二"), "private=true&dryRun=true")
    here.built(board, board.send("a.xlsx", assessments(), "private=true"))
    before = here.built(board, board.send(*own))
    here.built(other, other.send("a.xlsx", assessments(OTHER, "other-board"), "private=true"))
    after = here.built(board, board.send(*own))
    for one in ("report", "difference", "releaseBefore", "releaseAfter", "error"):
        assert before[one] == after[one], one
    assert here.built(board, board.post(f"/imports/{before['id']}/commit"))["state"] == "done", (
        "another's is no ground that moved"
    )


def test_a_private_commit_is_refused_where_ones_own_rows_have_changed(here: Office) -> None:
    board = here.sender("imports:private", organisations=[BOARD])
    tried = here.built(board, board.send("a.xlsx", assessments(), "private=true&dryRun=true"))
    here.built(board, board.send("a.xlsx", assessments(remark="二"), "private=true"))
    commit = f"/imports/{tried['id']}/commit"
    assert here.built(board, board.post(commit))["error"]["code"] == "CONFLICT"
    assert [one.remark for one in private_of(here.home).assessments] == ["二"]
    assert here.built(board, board.post(commit, if_match="*"))["state"] == "done"


@pytest.mark.parametrize("redistribution", ["local-only", "citation-only"])
def test_what_may_not_be_passed_on_is_not(here: Office, writer: Sender, redistribution: str) -> None:
    found = here.built(writer, writer.send("a.xlsx", catalogue(name="秘密の条文", redistribution=redistribution)))
    assert found["state"] == "done"
    for suffix in ("nq", "trig", "jsonld"):
        assert "秘密の条文".encode() not in here.client.send(f"/exports/graph.{suffix}").body
    snapshot = snapshot_of(here.home)
    dump = b"".join(exported(snapshot, repository_of(Home(here.home)), DumpFormat.NQUADS))
    assert b"source/template/sent" in dump


def test_an_unknown_format_is_refused_with_the_report(here: Office, writer: Sender) -> None:
    before = release(here)
    found = here.built(writer, writer.send("a.txt", b"nothing of the kind"))
    (source,) = found["report"]["sources"]
    assert (found["state"], source["outcome"], source["faults"][0]["places"]) == ("refused", "refused", ["a.txt"])
    assert "no known format" in source["faults"][0]["en"]
    assert source["faults"][0]["ja"]
    assert (found["releaseBefore"], found["releaseAfter"], release(here)) == (before, before, before)


def test_messages_come_in_the_readers_language(here: Office, writer: Sender) -> None:
    japanese = Sender(here.client, writer.key, "ja")
    assert japanese.get("/imports/" + "0" * 32).json()["detail"] == "このIDの取り込みはありません。"
    tried = here.built(writer, writer.send("a.xlsx", catalogue("a"), "dryRun=true"))
    reply = writer.post(f"/imports/{tried['id']}/commit")
    (here.home / "b.xlsx").write_bytes(catalogue("b"))
    load(maker_at(here.home), [here.home / "b.xlsx"])
    error = here.built(japanese, reply)["error"]
    assert error["message"] == error["messages"]["ja"] != error["messages"]["en"]


def test_of_finished_imports_the_newest_are_remembered(here: Office, writer: Sender) -> None:
    sent = [writer.send("a.xlsx", catalogue(f"set-{number}"), "dryRun=true").json()["id"] for number in range(4)]
    importer = here.importer(kept=2)
    while importer.turn() is not None:
        pass
    assert [one["id"] for one in writer.get().json()] == [sent[3], sent[2]]
    assert len(list((here.journal.folder / "jobs").iterdir())) == 2
    last = writer.send("a.xlsx", catalogue("waits")).json()["id"]
    here.journal.sweep(0)
    assert [one["id"] for one in writer.get().json()] == [last], "what waits is never forgotten"


def test_the_journal_is_its_owners_alone(here: Office, writer: Sender) -> None:
    writer.send("a.xlsx", catalogue())
    assert here.journal.folder.stat().st_mode & 0o777 == 0o700
    here.journal.folder.chmod(0o755)
    writer.send("a.xlsx", catalogue("b"))
    assert here.journal.folder.stat().st_mode & 0o777 == 0o700


def test_there_is_no_other_way_to_write(here: Office, writer: Sender) -> None:
    sent = writer.send("a.xlsx", catalogue()).json()["id"]
    for method in ("PUT", "PATCH", "DELETE"):
        for path in ("/imports", f"/imports/{sent}"):
            headers = {"authorization": f"Bearer {writer.key}"}
            assert here.client.send(path, method=method, body=b"", headers=headers).status == 405
    assert here.client.graphql("mutation { __typename }")["errors"]
    assert len(here.journal.entries()) == 1


def test_a_job_reads_back_as_it_was_written(here: Office, writer: Sender) -> None:
    writer.send("a.xlsx", catalogue())
    (entry,) = here.journal.entries()
    assert msgspec.json.decode(msgspec.json.encode(entry.job), type=type(entry.job)) == entry.job


def test_where_imports_are_not_turned_on_there_are_none(default_home: Path) -> None:
    with serving(default_home) as client:
        for method, path in (("POST", "/imports"), ("GET", "/imports"), ("GET", "/imports/" + "0" * 32)):
            reply = client.send(path, method=method, body=b"x" if method == "POST" else None)
            assert reply.status == 404
            assert "--imports" in reply.json()["messages"]["en"]
