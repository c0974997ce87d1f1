-- Words of SQLite that PostgreSQL does not have, so that each room of an archive says what it means once.

CREATE FUNCTION iif(boolean, anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';
-- The greater and the lesser of some numbers; NULL when one of them is.
CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';
CREATE FUNCTION max(bigint, bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT max(max($1, $2), $3)';
CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';
CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos($1, $2)';
CREATE FUNCTION instr(bytea, bytea) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT position($2 IN $1)';

-- How many of some conditions hold; NULL of none at all.
CREATE FUNCTION one_more(bigint, boolean) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT coalesce($1, 0) + CASE WHEN $2 THEN 1 ELSE 0 END';
CREATE AGGREGATE sum(boolean) (SFUNC = one_more, STYPE = bigint);

-- The items of a JSON list as texts, numbered from 0, and what stands at a path of a JSON text.
-- U+FFFD stands for NUL, as it does in what is written.
CREATE FUNCTION json_read(text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT replace($1, '\u0000', '\ufffd')::jsonb$$;
CREATE FUNCTION json_each(text) RETURNS TABLE (key bigint, value text) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
    AS 'SELECT ordinality - 1, value FROM jsonb_array_elements_text(json_read($1)) WITH ORDINALITY';
CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT jsonb_path_query_first(json_read($1), $2::jsonpath) #>> '{}'$$;
CREATE FUNCTION json_remove(text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT (json_read($1) - substr($2, 3))::text';

-- A time as ISO 8601, for the views.
CREATE FUNCTION written(bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT to_char(to_timestamp($1 / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')$$;

-- Lists of JSON, and bytes as SQLite calls them.
CREATE DOMAIN blob AS bytea;
CREATE FUNCTION json_array_length(text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT jsonb_array_length($1::jsonb)';
CREATE FUNCTION json_of(bigint[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT array_to_json($1)::text';
CREATE AGGREGATE json_group_array(bigint) (SFUNC = array_append, STYPE = bigint[], FINALFUNC = json_of, INITCOND = '{}');

-- Whether a text is like a pattern of letters, [], * and ?.
CREATE FUNCTION glob(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$SELECT $2 ~ ('^' || replace(replace($1, '?', '.'), '*', '.*') || '$')$$;
