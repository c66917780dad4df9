package dev.parley.ingest.decode;

/** The reasons for which the document {@code asyncapi.yaml} and the decoders may differ. */
enum ContractGap {
    /** JSON Schema counts code points, DynamoDB counts bytes, and Java counts UTF-16 units. */
    LENGTH_BEYOND_ASCII(true, false),

    /** A schema can't check every string at any depth. Many parsers refuse such a string anyway. */
    HALF_A_SURROGATE_PAIR(true, false),

    /** A pattern checks the year as it is written, not the year in UTC. */
    EDGE_OF_THE_YEARS(true, true),

    /** The schema requires RFC 3339. The decoders also read other forms that platforms write. */
    TIME_IN_ANOTHER_FORM(false, true),

    /** The schemas contain media types in lower case. The decoders ignore the case. */
    MEDIA_TYPE_IN_CAPITALS(true, true),

    /** The decoders treat an empty header as absent. Publishers should not send one. */
    EMPTY_HEADER(false, true),

    /** The decoders ignore the session id in the data if the subject names the session. */
    SESSION_ID_BESIDE_A_SUBJECT(false, true);

    private final boolean schemaMayAcceptMore;
    private final boolean decoderMayAcceptMore;

    ContractGap(boolean schemaMayAcceptMore, boolean decoderMayAcceptMore) {
        this.schemaMayAcceptMore = schemaMayAcceptMore;
        this.decoderMayAcceptMore = decoderMayAcceptMore;
    }

    /** Returns whether this can be the reason why only one of the two accepts a record. */
    boolean explains(boolean schemaAccepts) {
        return schemaAccepts ? schemaMayAcceptMore : decoderMayAcceptMore;
    }
}
