using System.Reflection;
using MQTTnet;

namespace EdgeHub.Tests.Hosting;

/// <summary>A client whose library hangs: it never connects, and heeds no limit.</summary>
#pragma warning disable CA1852 // A proxy is made by deriving from it.
class StuckClient : DispatchProxy
#pragma warning restore CA1852
{
    public static IMqttClient New() => Create<IMqttClient, StuckClient>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IMqttClient.ConnectAsync) => new TaskCompletionSource<MqttClientConnectResult>().Task,
        "get_" + nameof(IMqttClient.IsConnected) => false,
        _ => null,
    };
}
