-- With the table's name first, H2 takes this index for the attributes of one row, too, and reads those of all rows.
CREATE INDEX IF NOT EXISTS gantry_attributes_lookup ON gantry_attributes (attr_name, attr_value, tbl, row_key);
DROP INDEX IF EXISTS gantry_attributes_find;
