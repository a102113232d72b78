/* CMS_verify of OpenSSL's libcrypto, as a careful program would call it:
 * a path to the anchor, both revocation lists demanded, at a given instant. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <time.h>

struct slice {
    const unsigned char *start;
    size_t length;
};

/* CPU time of this thread in nanoseconds. */
unsigned long long cpu_nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec;
}

static int add_certificate(X509_STORE *store, const struct slice *der)
{
    const unsigned char *place = der->start;
    X509 *certificate = d2i_X509(NULL, &place, (long)der->length);
    int done = certificate != NULL && X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
    return done;
}

static int add_list(X509_STORE *store, const struct slice *der)
{
    const unsigned char *place = der->start;
    X509_CRL *list = d2i_X509_CRL(NULL, &place, (long)der->length);
    int done = list != NULL && X509_STORE_add_crl(store, list);
    X509_CRL_free(list);
    return done;
}

void peer_free(X509_STORE *store)
{
    X509_STORE_free(store);
}

/* Reads anchor, issuing authority and two lists, in this order. Version 3.0
 * looks for the authority nowhere but in the message and the store. */
X509_STORE *peer_new(const struct slice parts[4], long long now)
{
    X509_STORE *store = X509_STORE_new();
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_time(param, (time_t)now);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    if (add_certificate(store, &parts[0]) && add_certificate(store, &parts[1])
        && add_list(store, &parts[2]) && add_list(store, &parts[3]))
        return store;
    X509_STORE_free(store);
    return NULL;
}

/* Whether the detached signature holds: 1 or 0. */
int peer_verify(X509_STORE *store, const struct slice *signature, const struct slice *document)
{
    const unsigned char *place = signature->start;
    CMS_ContentInfo *message = d2i_CMS_ContentInfo(NULL, &place, (long)signature->length);
    BIO *content = BIO_new_mem_buf(document->start, (int)document->length);
    int holds = message != NULL
        && CMS_verify(message, NULL, store, content, NULL, CMS_BINARY) == 1;
    if (!holds)
        ERR_print_errors_fp(stderr);
    BIO_free(content);
    CMS_ContentInfo_free(message);
    return holds;
}

/* The same with everything read anew. */
int peer_verify_fresh(const struct slice parts[4], long long now,
                      const struct slice *signature, const struct slice *document)
{
    X509_STORE *store = peer_new(parts, now);
    if (store == NULL)
        return 0;
    int holds = peer_verify(store, signature, document);
    peer_free(store);
    return holds;
}

/* Reads a revocation list and checks its signature with the key of a certificate. */
X509_CRL *peer_list_new(const struct slice *list, const struct slice *signer)
{
    const unsigned char *place = signer->start;
    X509 *certificate = d2i_X509(NULL, &place, (long)signer->length);
    place = list->start;
    X509_CRL *read = d2i_X509_CRL(NULL, &place, (long)list->length);
    int holds = certificate != NULL && read != NULL
        && X509_CRL_verify(read, X509_get0_pubkey(certificate)) == 1;
    X509_free(certificate);
    if (holds)
        return read;
    X509_CRL_free(read);
    return NULL;
}

void peer_list_free(X509_CRL *list)
{
    X509_CRL_free(list);
}

/* Whether the list names a serial number, an INTEGER in DER: 1 or 0. */
int peer_list_names(X509_CRL *list, const struct slice *serial)
{
    const unsigned char *place = serial->start;
    ASN1_INTEGER *number = d2i_ASN1_INTEGER(NULL, &place, (long)serial->length);
    X509_REVOKED *entry = NULL;
    int found = X509_CRL_get0_by_serial(list, &entry, number);
    ASN1_INTEGER_free(number);
    return found == 1;
}
