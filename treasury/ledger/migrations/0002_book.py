"""The one hand that writes the books: `ledger_book` posts any number of business events in one round trip.

It locks the authorities and then the chains, each in one global order; looks for events already posted; refuses,
before anything is written, what would leave an authority below zero; then writes balances, postings, entries and
chain heads. `treasury.ledger.services.book_many` is its only caller and prepares the arrays.

The planner settings make a session plan the statements once, by index whatever the statistics say: planning anew
costs more than the work, and a plan made over young, empty tables would read them whole for as long as it is kept.
"""

from django.db import migrations

from treasury.core.guards import refuse_truncate

BOOK = r"""
CREATE FUNCTION ledger_book(
    p_event text[], p_ref text[], p_on date[], p_chain int[], p_at timestamptz,
    c_agency text[], c_year int[],
    a_key text[],
    l_posting int[], l_no int[], l_account text[], l_authority int[], l_side text[], l_amount bigint[],
    OUT refusal text, OUT place int, OUT subject text, OUT wanted_twd bigint, OUT left_twd bigint,
    OUT posting_ids bigint[], OUT known_before int[]
)
LANGUAGE plpgsql
SET ledger.booking = 'on'
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    v_at text := (extract(epoch FROM p_at) * 1000000)::bigint::text;
    v_print bytea[]; v_link bytea[]; v_unbalanced bool;
    v_id bigint[]; v_available bigint[]; v_reserved bigint[]; v_expended bigint[]; v_relieved bigint[];
    v_chain bigint[]; v_seq bigint[]; v_head bytea[];
    v_known bigint[]; v_other text;
    d_authority int[]; d_available bigint[]; d_reserved bigint[]; d_expended bigint[]; d_relieved bigint[];
    d_settled bigint[]; v_short bool;
    n_seq bigint[]; n_previous bytea[]; n_hash bytea[];
    c int;
BEGIN
    -- Before any lock: what each posting says, and that its debits equal its credits in either section.
    SELECT array_agg(t.print ORDER BY t.p),
           array_agg(t.print || convert_to(to_char(p_on[t.p], 'YYYY-MM-DD') || E'\n' || v_at, 'UTF8') ORDER BY t.p),
           bool_or(t.money <> 0 OR t.budget <> 0)
    INTO v_print, v_link, v_unbalanced
    FROM (
        SELECT l.p,
               sha256(convert_to(
                   p_event[l.p] || E'\n' || p_ref[l.p] || E'\n' || c_agency[p_chain[l.p]] || E'\n'
                   || c_year[p_chain[l.p]] || E'\n' || string_agg(
                       l.account || l.side || l.amount || coalesce(' ' || a_key[l.authority], ''),
                       E'\n' ORDER BY l.no
                   ), 'UTF8'
               )) AS print,
               sum(CASE WHEN l.account >= '8' THEN 0 WHEN l.side = 'D' THEN l.amount ELSE -l.amount END) AS money,
               sum(CASE WHEN l.account < '8' THEN 0 WHEN l.side = 'D' THEN l.amount ELSE -l.amount END) AS budget
        FROM unnest(l_posting, l_no, l_account, l_authority, l_side, l_amount)
            l(p, no, account, authority, side, amount)
        GROUP BY l.p
    ) t;
    IF v_unbalanced THEN
        RAISE EXCEPTION 'ledger: a posting does not balance';
    END IF;

    -- Authorities, then chains: always in this order, so that two bookings never wait for each other in a ring.
    IF cardinality(a_key) > 0 THEN
        SELECT array_agg(a.id), array_agg(a.available_twd), array_agg(a.reserved_twd),
               array_agg(a.expended_twd), array_agg(a.relieved_twd)
        INTO v_id, v_available, v_reserved, v_expended, v_relieved
        FROM (
            SELECT * FROM ledger_authority WHERE key = ANY (a_key)
            ORDER BY key COLLATE "C" FOR NO KEY UPDATE
        ) a;
        IF coalesce(cardinality(v_id), 0) < cardinality(a_key) THEN
            refusal := 'unknown_authority';
            SELECT k.key INTO subject FROM unnest(a_key) k(key)
            WHERE NOT EXISTS (SELECT FROM ledger_authority a WHERE a.key = k.key) LIMIT 1;
            RETURN;
        END IF;
    END IF;
    LOOP
        SELECT array_agg(h.id), array_agg(h.seq), array_agg(h.head) INTO v_chain, v_seq, v_head
        FROM (
            SELECT t.id, t.seq, t.head
            FROM ledger_chain t JOIN unnest(c_agency, c_year) u(agency, year)
              ON t.agency_code = u.agency AND t.fiscal_year = u.year
            ORDER BY t.agency_code COLLATE "C", t.fiscal_year FOR NO KEY UPDATE OF t
        ) h;
        EXIT WHEN cardinality(v_chain) = cardinality(c_agency);
        INSERT INTO ledger_chain (agency_code, fiscal_year, seq, head)
        SELECT u.agency, u.year, 0, sha256(convert_to(E'chain\n' || u.agency || E'\n' || u.year, 'UTF8'))
        FROM unnest(c_agency, c_year) u(agency, year)
        ORDER BY u.agency COLLATE "C", u.year
        ON CONFLICT DO NOTHING;
    END LOOP;

    -- What has been posted before: the same again is no posting, other content under the same name is refused.
    SELECT coalesce(array_agg(n.ord::int), '{}'), array_agg(t.id),
           min(n.ref) FILTER (WHERE t.fingerprint <> v_print[n.ord])
    INTO known_before, v_known, v_other
    FROM unnest(p_event, p_ref) WITH ORDINALITY n(event, ref, ord)
    JOIN ledger_posting t ON t.event_type = n.event AND t.event_ref = n.ref;
    IF v_other IS NOT NULL THEN
        refusal := 'conflict';
        subject := v_other;
        RETURN;
    END IF;

    -- What it does to the authorities; refused when one of them would give more than it has.
    SELECT array_agg(d.authority), array_agg(d.available), array_agg(d.reserved), array_agg(d.expended),
           array_agg(d.relieved), array_agg(d.settled),
           bool_or(
               v_available[d.authority] + d.available < 0
               OR v_reserved[d.authority] + d.reserved < 0
               OR v_expended[d.authority] + d.expended < 0
               OR v_relieved[d.authority] + d.relieved
                  > v_reserved[d.authority] + d.reserved + v_expended[d.authority] + d.expended
           ),
           bool_or(d.total <> 0)
    INTO d_authority, d_available, d_reserved, d_expended, d_relieved, d_settled, v_short, v_unbalanced
    FROM (
        SELECT l.authority,
               coalesce(sum(l.amount) FILTER (WHERE l.account = '8201'), 0)::bigint AS available,
               coalesce(sum(l.amount) FILTER (WHERE l.account = '8202'), 0)::bigint AS reserved,
               coalesce(sum(l.amount) FILTER (WHERE l.account = '8203'), 0)::bigint AS expended,
               coalesce(-sum(l.amount) FILTER (WHERE l.account = '8204'), 0)::bigint AS relieved,
               coalesce(sum(l.amount) FILTER (WHERE l.account = '8205'), 0)::bigint AS settled,
               sum(l.amount) AS total
        FROM (
            SELECT u.account, u.authority, sum(CASE u.side WHEN 'C' THEN u.amount ELSE -u.amount END) AS amount
            FROM unnest(l_posting, l_account, l_authority, l_side, l_amount) u(p, account, authority, side, amount)
            WHERE u.authority > 0 AND u.account >= '8' AND u.p <> ALL (known_before)
            GROUP BY u.account, u.authority
        ) l
        GROUP BY l.authority
    ) d;
    IF v_unbalanced THEN
        RAISE EXCEPTION 'ledger: a posting moves money from one authority to another';
    END IF;
    IF v_short THEN
        SELECT s.* INTO refusal, place, subject, wanted_twd, left_twd FROM ledger_shortage(
            a_key, v_available, v_reserved, v_expended, v_relieved, known_before,
            l_posting, l_account, l_authority, l_side, l_amount
        ) s;
        RETURN;
    END IF;
    UPDATE ledger_authority t
    SET available_twd = t.available_twd + d.available, reserved_twd = t.reserved_twd + d.reserved,
        expended_twd = t.expended_twd + d.expended, relieved_twd = t.relieved_twd + d.relieved,
        settled_twd = t.settled_twd + d.settled
    FROM unnest(d_authority, d_available, d_reserved, d_expended, d_relieved, d_settled)
        d(authority, available, reserved, expended, relieved, settled)
    WHERE t.id = v_id[d.authority];

    -- Each posting carries the hash of the one before it.
    FOR i IN 1 .. cardinality(p_event) LOOP
        CONTINUE WHEN i = ANY (known_before);
        c := p_chain[i];
        v_seq[c] := v_seq[c] + 1;
        n_seq[i] := v_seq[c];
        n_previous[i] := v_head[c];
        v_head[c] := sha256(v_head[c] || v_link[i]);
        n_hash[i] := v_head[c];
        posting_ids[i] := nextval('ledger_posting_id_seq');
    END LOOP;
    INSERT INTO ledger_posting
        (id, chain_id, seq, event_type, event_ref, booked_on, at, fingerprint, previous_hash, hash)
    SELECT n.id, v_chain[n.chain], n.seq, n.event, n.ref, n.booked_on, p_at, n.print, n.previous, n.hash
    FROM unnest(posting_ids, p_chain, n_seq, p_event, p_ref, p_on, v_print, n_previous, n_hash)
        n(id, chain, seq, event, ref, booked_on, print, previous, hash)
    WHERE n.id IS NOT NULL;
    INSERT INTO ledger_entry (posting_id, line_no, account_code, authority_id, side, amount_twd)
    SELECT posting_ids[l.p], l.no, l.account, v_id[l.authority], l.side, l.amount
    FROM unnest(l_posting, l_no, l_account, l_authority, l_side, l_amount) l(p, no, account, authority, side, amount)
    WHERE l.p <> ALL (known_before);
    UPDATE ledger_chain t SET seq = h.seq, head = h.head
    FROM unnest(v_chain, v_seq, v_head) h(id, seq, head)
    WHERE t.id = h.id AND t.seq <> h.seq;
    FOR i IN 1 .. cardinality(known_before) LOOP
        posting_ids[known_before[i]] := v_known[i];
    END LOOP;
END
$$;
"""

# Names the first posting, in order, that asks an authority for more than it has.
SHORTAGE = r"""
CREATE FUNCTION ledger_shortage(
    a_key text[], v_available bigint[], v_reserved bigint[], v_expended bigint[], v_relieved bigint[], v_old int[],
    l_posting int[], l_account text[], l_authority int[], l_side text[], l_amount bigint[]
) RETURNS TABLE (refusal text, place int, subject text, wanted_twd bigint, left_twd bigint)
LANGUAGE sql STABLE
AS $$
    WITH change AS (
        SELECT u.p, u.authority, v.name, sum(CASE u.side WHEN 'C' THEN u.amount ELSE -u.amount END) AS amount
        FROM unnest(l_posting, l_account, l_authority, l_side, l_amount) u(p, account, authority, side, amount)
        JOIN (VALUES
            ('overdraft', '8201'), ('not_reserved', '8202'), ('not_expended', '8203'),
            ('relief_above_spending', '8202'), ('relief_above_spending', '8203'), ('relief_above_spending', '8204')
        ) v(name, account) ON v.account = u.account
        WHERE u.p <> ALL (v_old)
        GROUP BY u.p, u.authority, v.name
    ), running AS (
        SELECT *, sum(amount) OVER (PARTITION BY authority, name ORDER BY p) + CASE name
            WHEN 'overdraft' THEN v_available[authority]
            WHEN 'not_reserved' THEN v_reserved[authority]
            WHEN 'not_expended' THEN v_expended[authority]
            ELSE v_reserved[authority] + v_expended[authority] - v_relieved[authority] END AS rest
        FROM change
    )
    SELECT name, p, a_key[authority], (-amount)::bigint, (rest - amount)::bigint
    FROM running WHERE rest < 0 ORDER BY p, name, authority LIMIT 1
$$;
"""

TABLES = (
    "fiscalyear", "budgetline", "allotment", "advancecase", "fund",
    "authority", "chain", "posting", "entry", "daydigest",
)  # fmt: skip

# Rows rewritten at every posting: room on their pages keeps the rewrite there (HOT), without touching an index.
HOT = """
ALTER TABLE ledger_authority SET (fillfactor = 50);
ALTER TABLE ledger_chain SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(SHORTAGE, "DROP FUNCTION ledger_shortage"),
        migrations.RunSQL(BOOK, "DROP FUNCTION ledger_book"),
        refuse_truncate(*(f"ledger_{table}" for table in TABLES)),
        migrations.RunSQL(HOT, migrations.RunSQL.noop),
    ]
