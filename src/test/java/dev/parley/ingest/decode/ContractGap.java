package dev.parley.ingest.decode;

/** Where the document and the decoders differ, and why that is so. Nowhere else do they. */
enum ContractGap {
    /** JSON Schema counts code points; keys in DynamoDB are bytes, Java's texts UTF-16 units. */
    LENGTH_BEYOND_ASCII(true, false),

    /** A schema can't look into every text at any depth; many parsers refuse it already. */
    HALF_A_SURROGATE_PAIR(true, false),

    /** A pattern knows the year as it is written, not as it is at Greenwich. */
    EDGE_OF_THE_YEARS(true, true),

    /** The schema is RFC 3339's, for who writes times; the decoders read what platforms write. */
    TIME_IN_ANOTHER_FORM(false, true),

    /** The schemas know media types as everyone writes them, the decoders in capitals too. */
    MEDIA_TYPE_IN_CAPITALS(true, true),

    /** To the decoders an empty header is none; nobody should send one. */
    EMPTY_HEADER(false, true),

    /** The decoders don't look at the data's session where the subject names it. */
    SESSION_ID_BESIDE_A_SUBJECT(false, true);

    private final boolean schemaMayBeKinder;
    private final boolean decoderMayBeKinder;

    ContractGap(boolean schemaMayBeKinder, boolean decoderMayBeKinder) {
        this.schemaMayBeKinder = schemaMayBeKinder;
        this.decoderMayBeKinder = decoderMayBeKinder;
    }

    /** Whether this is why only one of the two accepts. */
    boolean explains(boolean schemaAccepts) {
        return schemaAccepts ? schemaMayBeKinder : decoderMayBeKinder;
    }
}
