-- Finding rows by an attribute reads the index alone; and whoever looks into a store sees when a row last changed.
CREATE INDEX IF NOT EXISTS gantry_attributes_find ON gantry_attributes (tbl, attr_name, attr_value, row_key);
DROP INDEX IF EXISTS gantry_attributes_value;
ALTER TABLE gantry_rows ADD COLUMN IF NOT EXISTS changed_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL;
