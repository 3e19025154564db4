namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// What <see cref="BrokerGuard"/> does in the embedded broker, as rules of an external one. A box logs in with its gateway id as user name,
/// and speaks and hears below it alone; acks are the bridge's alone: a forged one would make a box let go of what nobody has.
/// </summary>
static class AccessRules
{
    public static string Mosquitto(string prefix, string city, string bridge, string platform) =>
        $"""
        # Written by edgehub-bridge acl: name this file as acl_file in mosquitto.conf, with allow_anonymous false.
        # A box, whose user name is its gateway id:
        pattern write {prefix}/%u/records
        pattern write {prefix}/%u/status
        pattern write {prefix}/%u/catalog
        pattern write {prefix}/%u/events
        pattern read {prefix}/%u/ack
        pattern read {prefix}/%u/commands/#

        # The bridge:
        user {bridge}
        topic read {prefix}/+/records
        topic readwrite {prefix}/+/status
        topic write {prefix}/+/ack
        topic readwrite {city}/#

        # A platform team:
        user {platform}
        topic read {city}/#
        topic read {prefix}/+/status
        topic read {prefix}/+/catalog
        topic read {prefix}/+/events
        topic write {prefix}/+/commands/#

        """;

    public static string RabbitMq(string prefix, string city, string bridge, string platform)
    {
        var (own, all, topics) = (Pattern(prefix) + @"\.{username}", Pattern(prefix) + @"\.[^.]+", Pattern(city) + @"\..+");
        return $$"""
            #!/bin/sh
            # Written by edgehub-bridge acl: run it on a node with the gateway ids of the boxes, whose users are there already.
            # RabbitMQ's MQTT writes / as . and keeps each subscriber's queue as mqtt-subscription-…
            set -e
            queues='^(mqtt-subscription-.*|amq\.topic)$'
            for box in "$@"; do
                rabbitmqctl set_permissions "$box" "$queues" "$queues" "$queues"
                rabbitmqctl set_topic_permissions "$box" amq.topic '^{{own}}\.(records|status|catalog|events)$' '^{{own}}\.(ack|commands\..+)$'
            done
            rabbitmqctl set_permissions '{{bridge}}' "$queues" "$queues" "$queues"
            rabbitmqctl set_topic_permissions '{{bridge}}' amq.topic '^({{all}}\.(ack|status)|{{topics}})$' '^({{all}}\.(records|status)|{{topics}})$'
            rabbitmqctl set_permissions '{{platform}}' "$queues" "$queues" "$queues"
            rabbitmqctl set_topic_permissions '{{platform}}' amq.topic '^{{all}}\.commands\..+$' '^({{topics}}|{{all}}\.(status|catalog|events))$'

            """;
    }

    static string Pattern(string prefix) => prefix.Replace(".", "\\.", StringComparison.Ordinal).Replace("/", "\\.", StringComparison.Ordinal);
}
