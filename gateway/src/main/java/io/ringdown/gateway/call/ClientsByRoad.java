package io.ringdown.gateway.call;

/**
 * News by the road on which their client is.
 *
 * @param ours clients of our own protocol and of HTTP
 * @param sip softphones
 */
public record ClientsByRoad(Clients ours, Clients sip) implements Clients {
    @Override
    public boolean tell(ClientId client, CallId call, CallNews news) {
        return switch (client.road()) {
            case SOCKET, HTTP -> ours.tell(client, call, news);
            case SIP -> sip.tell(client, call, news);
        };
    }
}
