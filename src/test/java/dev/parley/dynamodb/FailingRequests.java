package dev.parley.dynamodb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A client some of whose requests fail as no engine here can be made to let them fail. */
public final class FailingRequests {

    private FailingRequests() {}

    /** All requests fail so. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is what the proxy returns
    public static DynamoDbAsyncClient all(Throwable failure) {
        return client((name, request) -> CompletableFuture.failedFuture(failure));
    }

    /** The first requests of that name fail so, all others are those of the client. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is what the proxy returns
    public static DynamoDbAsyncClient first(
            int number, String name, Throwable failure, DynamoDbAsyncClient client) {
        AtomicInteger left = new AtomicInteger(number);
        Set<String> names = Set.of(name);
        return client(
                (called, request) ->
                        names.contains(called) && left.getAndDecrement() > 0
                                ? CompletableFuture.failedFuture(failure)
                                : request.of(client));
    }

    @FunctionalInterface
    private interface Request {
        Object of(DynamoDbAsyncClient client) throws Throwable;
    }

    @FunctionalInterface
    private interface Answer {
        Object to(String name, Request request) throws Throwable;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is what the proxy returns
    private static DynamoDbAsyncClient client(Answer answer) {
        return (DynamoDbAsyncClient)
                Proxy.newProxyInstance(
                        FailingRequests.class.getClassLoader(),
                        new Class<?>[] {DynamoDbAsyncClient.class},
                        (proxy, method, arguments) ->
                                answer.to(
                                        method.getName(),
                                        client -> {
                                            try {
                                                return method.invoke(client, arguments);
                                            } catch (InvocationTargetException e) {
                                                throw e.getCause();
                                            }
                                        }));
    }
}
