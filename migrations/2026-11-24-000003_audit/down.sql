DROP TABLE audit_shipments;
DROP TABLE audit_checkpoints;
DROP TABLE audit_nodes;
DROP TABLE audit_leaves;
DROP TABLE audit_waiting;
DROP TABLE audit_records;
