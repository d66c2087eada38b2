package io.ringdown.sip.locate.dns;

import io.ringdown.sip.locate.Answer;
import io.ringdown.sip.locate.Question;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Asks DNS servers, two tries of a second each; the hosts file is looked at first. Never blocks; safe for all threads. */
final class DnsClient {
    private static final Duration ONE_TRY = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int TRIES = 2;

    private final LookupSession session;

    /** Asks these servers, or the system's where there are none. */
    DnsClient(List<InetSocketAddress> servers, Executor executor) {
        List<InetSocketAddress> asked =
                servers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : servers;
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : asked) {
            SimpleResolver one = new SimpleResolver(server);
            one.setTimeout(ONE_TRY);
            resolvers.add(one);
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setTimeout(LIMIT);
        all.setRetries(TRIES);
        LookupSession.LookupSessionBuilder builder =
                LookupSession.builder().resolver(all).defaultHostsFileParser().executor(executor);
        if (servers.isEmpty()) {
            builder.searchPath(ResolverConfig.getCurrentConfig().searchPath())
                    .ndots(ResolverConfig.getCurrentConfig().ndots());
        }
        session = builder.build();
    }

    /** Tells the answer within 2 s, on any thread; what fails is {@link Answer.Failed}. */
    void ask(Question question, Consumer<Answer> told) {
        try {
            var _ = session.lookupAsync(name(question), type(question))
                    .toCompletableFuture()
                    .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .handle((result, failure) -> failure == null ? found(result) : failed(failure))
                    .thenAccept(told);
        } catch (TextParseException e) {
            told.accept(new Answer.Failed("not a name of the DNS"));
        }
    }

    // The search path is for names of hosts alone: a service is of a domain.
    private static Name name(Question question) throws TextParseException {
        boolean ofHost = question.type() == Question.Type.A || question.type() == Question.Type.AAAA;
        return ofHost ? Name.fromString(question.name()) : Name.fromString(question.name(), Name.root);
    }

    private static int type(Question question) {
        return switch (question.type()) {
            case NAPTR -> Type.NAPTR;
            case SRV -> Type.SRV;
            case A -> Type.A;
            case AAAA -> Type.AAAA;
        };
    }

    private static Answer found(LookupResult result) {
        List<Answer.Resource> records = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        for (Record record : result.getRecords()) {
            ttl = Math.min(ttl, record.getTTL());
            switch (record) {
                case ARecord a -> records.add(new Answer.Address(a.getAddress()));
                case AAAARecord a -> records.add(new Answer.Address(a.getAddress()));
                case SRVRecord srv ->
                    records.add(
                            new Answer.Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), plain(srv.getTarget())));
                case NAPTRRecord naptr ->
                    records.add(new Answer.Naptr(
                            naptr.getOrder(),
                            naptr.getPreference(),
                            naptr.getFlags(),
                            naptr.getService(),
                            plain(naptr.getReplacement())));
                default -> ttl = Math.min(ttl, record.getTTL()); // an alias on the way: only its time counts
            }
        }
        return records.isEmpty() ? new Answer.Nothing() : new Answer.Found(records, Duration.ofSeconds(ttl));
    }

    private static String plain(Name name) {
        return name.toString(true);
    }

    private static Answer failed(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof NoSuchDomainException || cause instanceof NoSuchRRSetException
                ? new Answer.Nothing()
                : new Answer.Failed(cause.getClass().getSimpleName());
    }
}
