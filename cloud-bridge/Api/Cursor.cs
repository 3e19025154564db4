using System.Buffers.Text;
using System.Text;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Where a page ended, opaque to the caller: it may hold it as long as it likes.</summary>
static class Cursor
{
    const int LengthMax = 1024;
    const char Separator = '\n';

    public static string Of(params string[] position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, position)));

    public static string[]? TryRead(string text, int parts)
    {
        if (text.Length > LengthMax || !Base64Url.IsValid(text))
            return null;
        var position = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator);
        return position.Length == parts ? position : null;
    }
}
