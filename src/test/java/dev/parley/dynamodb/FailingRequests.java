package dev.parley.dynamodb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Creates clients with requests that fail in ways that DynamoDB Local cannot produce. */
public final class FailingRequests {

    private FailingRequests() {}

    /** All requests fail with this failure. */
    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns the future
    public static DynamoDbAsyncClient all(Throwable failure) {
        return client((name, request) -> CompletableFuture.failedFuture(failure));
    }

    /** The first requests with this name fail. All other requests are sent to the given client. */
    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns the future
    public static DynamoDbAsyncClient first(
            int number, String name, Throwable failure, DynamoDbAsyncClient client) {
        AtomicInteger failuresLeft = new AtomicInteger(number);
        Set<String> names = Set.of(name);
        return client(
                (called, request) ->
                        names.contains(called) && failuresLeft.getAndDecrement() > 0
                                ? CompletableFuture.failedFuture(failure)
                                : request.sendTo(client));
    }

    /**
     * Requests that match fail; the caller decides how many match. All other requests are sent to
     * the given client.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns the future
    public static DynamoDbAsyncClient matching(
            Predicate<DynamoDbRequest> which, Throwable failure, DynamoDbAsyncClient client) {
        return client(
                (name, request) ->
                        request.argument() instanceof DynamoDbRequest asked && which.test(asked)
                                ? CompletableFuture.failedFuture(failure)
                                : request.sendTo(client));
    }

    /**
     * Creates a client that answers some requests with the given functions, by the name of the
     * method. All other requests are sent to the given client.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns the future
    public static DynamoDbAsyncClient answering(
            DynamoDbAsyncClient client,
            Map<String, Function<Object, CompletableFuture<?>>> answers) {
        return client(
                (name, request) ->
                        answers.containsKey(name)
                                        && request.argument() instanceof DynamoDbRequest asked
                                ? answers.get(name).apply(asked)
                                : request.sendTo(client));
    }

    private interface Request {
        @Nullable Object argument();

        Object sendTo(DynamoDbAsyncClient client) throws Throwable;
    }

    @FunctionalInterface
    private interface Answers {
        Object answer(String name, Request request) throws Throwable;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns the future
    private static DynamoDbAsyncClient client(Answers answers) {
        return (DynamoDbAsyncClient)
                Proxy.newProxyInstance(
                        FailingRequests.class.getClassLoader(),
                        new Class<?>[] {DynamoDbAsyncClient.class},
                        (proxy, method, arguments) ->
                                answers.answer(method.getName(), request(method, arguments)));
    }

    private static Request request(Method method, Object[] arguments) {
        return new Request() {
            @Override
            public @Nullable Object argument() {
                return arguments == null ? null : arguments[0];
            }

            @Override
            public Object sendTo(DynamoDbAsyncClient client) throws Throwable {
                try {
                    return method.invoke(client, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        };
    }
}
