-- Rows of JSON text with a version each, and the values by which they are found.
-- Every statement may run twice: H2 commits each by itself, and power can fail between two of them.
CREATE TABLE IF NOT EXISTS gantry_rows (
    tbl VARCHAR(64) NOT NULL,
    row_key VARCHAR(255) NOT NULL,
    version BIGINT NOT NULL,
    body VARCHAR NOT NULL,
    CONSTRAINT gantry_rows_pk PRIMARY KEY (tbl, row_key)
);
CREATE TABLE IF NOT EXISTS gantry_attributes (
    tbl VARCHAR(64) NOT NULL,
    row_key VARCHAR(255) NOT NULL,
    attr_name VARCHAR(64) NOT NULL,
    attr_value VARCHAR(400) NOT NULL,
    CONSTRAINT gantry_attributes_pk PRIMARY KEY (tbl, row_key, attr_name)
);
CREATE INDEX IF NOT EXISTS gantry_attributes_value ON gantry_attributes (tbl, attr_name, attr_value);
