using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EdgeHub.Edge.Uplink;

/// <summary>Where a connection leaves the box: the configured address, or the address that the configured interface has just now.</summary>
static class SourceAddress
{
    /// <summary>The address, null for as the routes say; and the state where there is none to leave from.</summary>
    public static (IPAddress? Address, UplinkState? Missing) Of(UplinkOptions options)
    {
        var interfaces = options.Source is null && options.Interface is null ? [] : NetworkInterface.GetAllNetworkInterfaces();
        if (options.Source is { } source)
            return interfaces.Any(device => Addresses(device).Contains(source)) || IPAddress.IsLoopback(source)
                ? (source, null)
                : (null, Missing($"No network interface of this box has the address {source} just now.", "Check the cable, the modem and the address; the box tries again by itself."));
        if (options.Interface is not { } name)
            return (null, null);
        if (interfaces.FirstOrDefault(device => device.Name == name) is not { } found)
            return (null, Missing($"This box has no network interface {name} just now.", $"Plug the modem in, or correct the name; present are {string.Join(", ", interfaces.Select(device => device.Name).Take(16))}."));
        return found.OperationalStatus != OperationalStatus.Down && Addresses(found).OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault() is { } own
            ? (own, null)
            : (null, Missing($"The network interface {name} is down or has no address.", "Check the cable or the modem and its SIM card; the box tries again by itself."));
    }

    static UplinkState Missing(string sentence, string fix) => new(UplinkCondition.NoSource, sentence, fix);

    // A link-local IPv6 address leads nowhere beyond the cable.
    static IEnumerable<IPAddress> Addresses(NetworkInterface device) =>
        device.GetIPProperties().UnicastAddresses.Select(entry => entry.Address).Where(address => !address.IsIPv6LinkLocal);
}
