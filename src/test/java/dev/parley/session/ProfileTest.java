package dev.parley.session;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that a profile does not depend on the order in which its changes arrive. */
class ProfileTest {

    private static final Instant EARLIER = START;
    private static final Instant LATER = START.plusSeconds(1);

    @Test
    void merge_ofTwoValues_keepsTheLaterInEitherOrder() {
        Patch older = attribute("locale", Optional.of(text("fr")));
        Patch newer = attribute("locale", Optional.of(text("en")));

        Profile inOrder = Profile.EMPTY.merge(older, EARLIER).merge(newer, LATER);
        Profile reversed = Profile.EMPTY.merge(newer, LATER).merge(older, EARLIER);

        assertThat(inOrder).isEqualTo(reversed);
        assertThat(inOrder.attributes()).containsEntry("locale", new Stamped<>(text("en"), LATER));
    }

    @Test
    void merge_ofTwoValuesWithEqualTimes_keepsTheGreaterInEitherOrder() {
        Patch one = attribute("locale", Optional.of(text("en")));
        Patch other = attribute("locale", Optional.of(text("fr")));

        Profile inOrder = Profile.EMPTY.merge(one, LATER).merge(other, LATER);
        Profile reversed = Profile.EMPTY.merge(other, LATER).merge(one, LATER);

        assertThat(inOrder).isEqualTo(reversed);
        assertThat(inOrder.attributes()).containsEntry("locale", new Stamped<>(text("fr"), LATER));
    }

    @Test
    void merge_ofAnOlderValueAfterARemoval_doesNotRestoreIt() {
        Patch value = attribute("locale", Optional.of(text("en")));
        Patch removal = attribute("locale", Optional.empty());

        Profile profile = Profile.EMPTY.merge(removal, LATER).merge(value, EARLIER);

        assertThat(Session.values(profile.attributes())).isEmpty();
    }

    @Test
    void clearing_ofAttributes_removesOlderValuesInEitherOrder() {
        Patch older = attribute("email", Optional.of(text("a")));
        Patch newer = attribute("topic", Optional.of(text("b")));

        Profile inOrder =
                Profile.EMPTY
                        .merge(older, EARLIER)
                        .merge(Patch.CLEARED, LATER)
                        .merge(newer, LATER.plusSeconds(1));
        Profile reversed =
                Profile.EMPTY
                        .merge(newer, LATER.plusSeconds(1))
                        .merge(Patch.CLEARED, LATER)
                        .merge(Patch.CLEARED, EARLIER)
                        .merge(older, EARLIER);

        assertThat(inOrder).isEqualTo(reversed);
        assertThat(inOrder.attributes()).containsOnlyKeys("topic");
        assertThat(inOrder.earliest()).contains(LATER);
        assertThat(inOrder.after(LATER).clearedAt()).isNull();
    }

    @Test
    void clearing_atTheTimeOfAValue_keepsTheValue() {
        Patch value = attribute("topic", Optional.of(text("b")));

        Profile inOrder = Profile.EMPTY.merge(Patch.CLEARED, LATER).merge(value, LATER);
        Profile reversed = Profile.EMPTY.merge(value, LATER).merge(Patch.CLEARED, LATER);

        assertThat(inOrder).isEqualTo(reversed);
        assertThat(inOrder.attributes()).containsOnlyKeys("topic");
    }

    @Test
    void after_aMoment_keepsOnlyLaterValues() {
        Profile profile =
                Profile.EMPTY
                        .merge(new Patch("u-1", null, Map.of(), Map.of()), EARLIER)
                        .merge(new Patch(null, "web", Map.of(), Map.of()), LATER);

        Profile remaining = profile.after(EARLIER);

        assertThat(remaining.userId()).isNull();
        assertThat(remaining.channel()).isEqualTo(new Stamped<>("web", LATER));
    }

    private static Patch attribute(String key, Optional<Json> value) {
        return new Patch(null, null, Map.of(key, value), Map.of());
    }
}
