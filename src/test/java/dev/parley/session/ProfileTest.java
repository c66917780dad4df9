package dev.parley.session;

import static dev.parley.session.EventBuilder.START;
import static dev.parley.session.EventBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

    /**
     * A profile is what one store has, and what was added to it since. The random profiles have few
     * keys and times, so that they often conflict with each other.
     */
    @Test
    void merge_withWhatAnotherProfileLacks_givesTheWhole() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Profile stored = random(Profile.EMPTY, random).data();
            Profile whole = random(stored, random);

            Profile added = whole.without(stored);

            if (whole.keepsAllOf(stored)) {
                assertThat(stored.merge(added)).as("seed %d", seed).isEqualTo(whole);
            }
            assertThat(stored.merge(stored)).isEqualTo(stored);
        }
    }

    @Test
    void merge_ofTwoProfiles_isTheSameInEitherOrder() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Profile one = random(Profile.EMPTY, random);
            Profile other = random(Profile.EMPTY, random);

            assertThat(one.merge(other)).as("seed %d", seed).isEqualTo(other.merge(one));
        }
    }

    private static Profile random(Profile start, Random random) {
        Profile profile = start;
        for (int i = random.nextInt(6); i > 0; i--) {
            profile = profile.merge(randomPatch(random), START.plusSeconds(random.nextInt(4)));
        }
        return profile;
    }

    private static Patch randomPatch(Random random) {
        Map<String, Optional<Json>> values =
                Map.of("k" + random.nextInt(2), Optional.of(text("v" + random.nextInt(2))));
        return switch (random.nextInt(5)) {
            case 0 -> Patch.CLEARED;
            case 1 -> new Patch("u" + random.nextInt(2), "web", Map.of(), Map.of());
            case 2 -> new Patch(null, null, Map.of(), values);
            case 3 -> new Patch(null, null, Map.of("k0", Optional.empty()), Map.of());
            default -> new Patch(null, null, values, Map.of());
        };
    }

    private static Patch attribute(String key, Optional<Json> value) {
        return new Patch(null, null, Map.of(key, value), Map.of());
    }
}
